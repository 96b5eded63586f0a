"""How two Action Units that are taken for each other are told apart.

One text a pair, for the pages of both; which pairs there are says `compositions.Composition.confused_with`.
Written from what each unit moves (`compositions`, after Tian, Kanade & Cohn, IEEE TPAMI 23(2), 2001) and the
muscle that does it (`analysis.engine.action_units`).
"""

from analysis.training.compositions import BY_AU

Pair = tuple[int, int]
"""Two AU numbers, the smaller first."""

TELLINGS: dict[Pair, str] = {
    (1, 2): "AU1 lifts the inner ends of the brows, AU2 the outer ends. Lines run across the middle of "
    "the forehead with AU1 and above the outer half of the brow with AU2.",
    (1, 4): "AU1 lifts the inner ends of the brows; AU4 lowers the brows and draws them together, with "
    "upright furrows between. Together they make slanting brows that are both raised inside and "
    "pulled in.",
    (1, 5): "AU1 moves the brow; AU5 moves the upper lid alone. With AU5 more of the iris shows, and "
    "when strong white above it, while the brow stays.",
    (2, 5): "AU2 arches the outer brow and may uncover more of the lid; AU5 lifts the lid's edge "
    "itself. With AU5 more of the iris shows, and when strong white above it, while the brow stays.",
    (4, 7): "AU4 brings the brow down over the eye; AU7 narrows the eye from its lids. With AU7 alone "
    "the brow stays and the lower lid rises and straightens.",
    (4, 9): "AU4 furrows the skin between the brows; a line may cross the root of the nose, but its "
    "sides stay smooth. AU9 wrinkles the sides too and lifts the wings; the brows' inner ends follow down.",
    (6, 7): "AU6 lifts the cheek and gathers skin from outside the eye: crow's feet, a furrow below it. "
    "AU7 tightens the lids alone, and the cheek stays where it was.",
    (6, 12): "AU12 acts at the mouth; when strong it pushes the cheek up and may make crow's feet by "
    "itself, so that AU6 is hard to tell there. Look for what AU6 adds: the outer brow and the skin above "
    "the eye drawn down a little.",
    (6, 44): "AU6 works from the cheek upwards, and the eye stays open. AU44 works in the lids and "
    "closes them to a slit, with little help from the cheek.",
    (7, 44): "AU7 tightens and straightens the lids, and the eye stays open. AU44 goes on until a slit "
    "is left.",
    (8, 24): "AU8 draws the lips towards each other while the teeth are parted, and they need not meet. "
    "AU24 presses closed lips together and makes them thin.",
    (8, 28): "AU8 flattens the lips over the teeth and leaves their red in sight. AU28 rolls them in "
    "over the teeth until the red is gone.",
    (9, 10): "AU9 wrinkles the sides of the nose and its root. AU10 starts at the upper lip, whose "
    "middle rises most; the root of the nose stays smooth.",
    (9, 38): "AU9 lifts the wings of the nose and wrinkles the skin beside it. AU38 widens the nostrils "
    "sideways without a wrinkle.",
    (9, 39): "AU9 lifts the wings of the nose and wrinkles the skin above. AU39 narrows the nostrils and "
    "draws the tip of the nose down.",
    (10, 11): "AU10 raises the upper lip itself and bends the nasolabial fold to an angle. AU11 deepens "
    "the middle of that fold and hardly moves the lip.",
    (11, 12): "AU11 deepens the fold beside the nose while the corners of the mouth stay. AU12 pulls "
    "those corners back and up.",
    (11, 13): "AU11 deepens the fold beside the nose while the corners of the mouth stay. AU13 pulls the "
    "corners straight up and puffs the cheek above them.",
    (12, 13): "AU12 pulls the corners back and up, so the mouth widens. AU13 pulls them straight up: the "
    "mouth keeps its width, the corners look sharp, the cheeks puff.",
    (12, 14): "AU12 pulls the corners back and up. AU14 tightens them inwards where they are: a dent and "
    "a swelling appear beside them, with little upward movement.",
    (12, 20): "AU12 pulls the corners obliquely upwards. AU20 pulls them straight back, and the mouth "
    "becomes long and flat.",
    (14, 20): "AU14 tightens the corners into the cheek, with a dent beside them. AU20 stretches the "
    "whole mouth sideways, and the lips become long and flat.",
    (14, 24): "AU14 tightens the corners of the mouth. AU24 presses the lips together along their whole "
    "length.",
    (15, 16): "AU15 pulls the corners down. AU16 pulls down the lower lip between them and bares the "
    "lower teeth.",
    (15, 17): "AU15 pulls the corners down. AU17 pushes the chin and the middle of the lower lip up, "
    "which also bends the mouth's line; the chin's puckered skin gives AU17 away.",
    (15, 20): "AU15 pulls the corners down. AU20 pulls them straight back, level with the lips.",
    (15, 21): "AU15 pulls the corners of the mouth down and leaves the neck as it is. AU21 raises cords "
    "on the neck; the mouth follows only a little.",
    (16, 25): "AU16 drags the lower lip down and flattens it against the teeth. AU25 says only that the "
    "lips have parted, whatever parted them.",
    (16, 26): "AU16 lowers the lip and leaves the jaw. AU26 lets the jaw fall, and teeth and chin go down "
    "with it.",
    (17, 24): "AU17 pushes the lower lip up from the chin, whose skin puckers. AU24 presses lip on lip, "
    "and both become thin.",
    (17, 29): "AU17 moves the skin of the chin upwards. AU29 moves the jaw itself forwards, best seen "
    "from the side; the skin stays smooth.",
    (18, 22): "AU18 gathers the lips to a mouth that is small and round, often closed. AU22 turns them "
    "outwards like a funnel, so that teeth and gums may show.",
    (18, 23): "AU18 pushes the lips forwards and makes the mouth narrow. AU23 tightens the lips in place: "
    "their red narrows, and nothing comes forwards.",
    (18, 33): "AU18 gathers the lips and leaves the cheeks as they are. AU33 blows the cheeks out while "
    "air leaves between the lips.",
    (18, 35): "AU18 is done by the lips, which come forwards. AU35 is done by the cheeks: they sink in "
    "below the cheekbones, and the mouth only follows.",
    (19, 36): "AU19 shows the tongue past the teeth. AU36 keeps it inside, where it bulges the cheek.",
    (19, 37): "AU19 holds the tongue out. AU37 moves it along the lip, and that course in time tells them "
    "apart.",
    (20, 21): "AU20 stretches the mouth sideways. AU21 raises cords on the neck and draws its skin down; "
    "the mouth follows only a little.",
    (22, 25): "AU22 turns the lips outwards and pushes them forwards. AU25 says only that they have "
    "parted; their shape stays.",
    (23, 24): "AU23 tightens each lip: the red narrows, and the lips need not press. AU24 presses lip on "
    "lip, and the skin above and below them bulges.",
    (23, 28): "AU23 narrows the red of the lips and leaves a line of it. AU28 rolls the lips in over the "
    "teeth until the red is gone.",
    (24, 28): "AU24 presses the lips against each other in front of the teeth. AU28 rolls them in over "
    "the teeth, and their red is gone.",
    (24, 31): "AU24 presses the lips. AU31 clenches the teeth: the muscle stands out at the angle of the "
    "jaw, and the lips may stay at ease.",
    (24, 32): "AU24 presses lip on lip. AU32 holds a lip with the teeth, whose edge shows on it.",
    (25, 26): "AU25 parts the lips and says nothing of the jaw. AU26 lets the jaw fall: the teeth part "
    "too, and the chin sinks.",
    (26, 27): "AU26 is a jaw that falls by relaxing. AU27 pulls the mouth wide open by force: it becomes "
    "tall, and the cheeks flat and stretched.",
    (28, 32): "AU28 rolls the lips in over the teeth, and no teeth show. AU32 catches a lip between the "
    "teeth, whose edge shows on it.",
    (28, 35): "AU28 takes the lips into the mouth. AU35 takes in the cheeks, which hollow below the "
    "cheekbones.",
    (29, 30): "AU29 moves the jaw forwards, AU30 to one side. From in front AU30 shifts the chin off the "
    "middle of the face; AU29 shows best from the side.",
    (31, 34): "AU31 hardens a small swelling at the angle of the jaw. AU34 fills the whole cheek with air.",
    (33, 34): "AU33 lets the air out between the lips while the cheeks are blown out. AU34 keeps it in "
    "behind closed lips.",
    (34, 36): "AU34 rounds the whole cheek with air. AU36 pushes out one spot of it with the tongue's tip.",
    (38, 39): "AU38 widens the nostrils. AU39 narrows them and draws the tip of the nose down.",
    (41, 42): "AU41 lets the upper lid droop part of the way. AU42 leaves no more than a slit, the lids "
    "still at ease.",
    (41, 43): "AU41 lets the upper lid droop part of the way, and the iris stays in sight. AU43 closes "
    "the eye.",
    (42, 43): "AU42 leaves a slit between the lids. AU43 closes the eye.",
    (42, 44): "AU42 and AU44 both leave a slit. With AU42 the lids are at ease and the skin round them "
    "smooth; with AU44 they are tense, the lower one raised and the skin bunched.",
    (43, 45): "AU43 keeps the eyes closed for more than half a second. AU45 opens them again at once. No "
    "single picture tells the two apart.",
    (43, 46): "AU43 closes the eyes at ease, and for longer. AU46 closes one eye for a moment, on "
    "purpose, with the cheek tensed.",
    (45, 46): "AU45 closes the eyes and opens them again at once. AU46 closes one eye on purpose, a "
    "little longer, with the cheek tensed.",
}


def confused_with(au: int) -> tuple[int, ...]:
    """The units that `au` is taken for or that are taken for it, in order."""
    others = (other for other, row in BY_AU.items() if au in row.confused_with)
    return tuple(sorted({*BY_AU[au].confused_with, *others}))


def tell(one: int, other: int) -> str:
    """How the two are told apart, in either order; KeyError where nobody takes one for the other."""
    return TELLINGS[min(one, other), max(one, other)]
