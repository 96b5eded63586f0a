"""What the models of installed apps that are not ours hold of people (`echodepth.personal`)."""

from echodepth.personal import Personal, Table, Way, Whom

MEMBER, BOTH = Whom.MEMBER, Whom.BOTH

ERASERS = {
    "queue": Way(
        "Tasks that name what is erased go with it; they hold ids, a failed one also what broke",
        "accounts.domain.erasure.erasures:request",
    )
}

COPIES = {
    "nothing": Way(
        "Nothing to copy: ids that lead to what is copied elsewhere, and traces of failures",
        "accounts.domain.rights.exporters:copy_of",
    )
}

TABLE = Table()

TABLE.add("auth.Permission", technical="id name content_type codename")
TABLE.add("auth.Group_permissions", technical="id group permission")
TABLE.add("auth.Group", technical="id name permissions")
TABLE.add("contenttypes.ContentType", technical="id app_label model")
TABLE.add("sessions.Session", keys="session_key session_data", technical="expire_date")
TABLE.add(
    "account.EmailAddress",
    opaque="id user",
    technical="verified primary",
    personal=[Personal("email", MEMBER, "account", "account")],
)
TABLE.add("account.EmailConfirmation", opaque="id email_address", keys="key", technical="created sent")
TABLE.add(
    "mfa.Authenticator",
    opaque="id user",
    keys="data",
    personal=[Personal("type created_at last_used_at", MEMBER, "account", "account")],
)
TABLE.add(
    "socialaccount.SocialApp",
    opaque="id",
    organisation="provider provider_id name client_id settings",
    keys="secret key",
)
TABLE.add(
    "socialaccount.SocialAccount",
    opaque="id user",
    technical="provider",
    personal=[Personal("uid last_login date_joined extra_data", MEMBER, "account", "account")],
)
TABLE.add(
    "socialaccount.SocialToken", opaque="id app account", keys="token token_secret", technical="expires_at"
)
TABLE.add(
    "usersessions.UserSession",
    opaque="id user",
    keys="session_key",
    technical="data",
    personal=[Personal("created_at ip last_seen_at user_agent", MEMBER, "account", "account")],
)
TABLE.add(
    "django_q.Task",
    opaque="id name group",
    technical="func hook cluster started stopped success attempt_count",
    personal=[Personal("args kwargs result", BOTH, "queue", "nothing")],
)
TABLE.add(
    "django_q.Schedule",
    opaque="id name",
    technical="func hook args kwargs schedule_type minutes repeats next_run cron task cluster "
    "intended_date_kwarg",
)
TABLE.add(
    "django_q.OrmQ",
    opaque="id key",
    technical="lock",
    personal=[Personal("payload", BOTH, "queue", "nothing")],
)
