/* A small z-buffer renderer for heads: project, splat shadows, rasterise, shade, average.
 *
 * Lengths are centimetres, the camera looks along -z, x runs to the right of the picture, y up.
 * Colours are linear light until the last step, which writes sRGB bytes.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SKIN = 0, PLAIN = 1, EYE = 2, STRANDS = 3, CLOTH = 4, SHEET = 5 };
enum { ALBEDO = 4 };

typedef struct { float x, y, z; } Vec;

typedef struct {
    int32_t vertices, triangles, width, height, samples;
    int32_t texture_width, texture_height;
    int32_t lights;
    float focal, centre_x, centre_y, distance;   /* pixels of the supersampled picture; cm */
    float texel;                                  /* cm per texel of the height map */
    float sky[3], ground[3];                      /* ambient light from above and below */
    float exposure, shadow_softness;
    float iris_inner[3], iris_outer[3], sclera[3];
    float pupil, iris, limbus;                    /* cm */
    float eye_centre[2][3], eye_axis[2][3];
    float scatter[3];                             /* how far light wraps round skin, by channel */
    float cloth[3];
    float up[3];                                  /* of the head */
} Scene;

typedef struct { float direction[3], colour[3]; float shadow; } Light;

typedef struct {
    const float *position, *uv, *colour;
    const int32_t *triangle;
    const uint8_t *material;
    const float *albedo, *height;
    const float *gloss;
    const float *background;
} Inputs;

static inline Vec vec(const float *p) { Vec v = { p[0], p[1], p[2] }; return v; }
static inline Vec sub(Vec a, Vec b) { Vec v = { a.x - b.x, a.y - b.y, a.z - b.z }; return v; }
static inline Vec add(Vec a, Vec b) { Vec v = { a.x + b.x, a.y + b.y, a.z + b.z }; return v; }
static inline Vec scaled(Vec a, float s) { Vec v = { a.x * s, a.y * s, a.z * s }; return v; }
static inline float dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline Vec cross(Vec a, Vec b)
{
    Vec v = { a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x };
    return v;
}
static inline Vec unit(Vec a) { return scaled(a, 1.0f / sqrtf(dot(a, a) + 1e-12f)); }
static inline float clamp(float v, float low, float high) { return v < low ? low : v > high ? high : v; }
static inline float smooth(float low, float high, float v)
{
    float t = clamp((v - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}
static inline float noise(uint32_t n)
{
    n = (n ^ 61u) ^ (n >> 16); n *= 9u; n ^= n >> 4; n *= 0x27d4eb2du; n ^= n >> 15;
    return (float)(n & 0xffffu) / 65535.0f;
}

/* ---- vertices ------------------------------------------------------------------------------- */

static void vertex_normals(const Scene *s, const Inputs *in, float *normal)
{
    memset(normal, 0, sizeof(float) * 3 * (size_t)s->vertices);
    for (int32_t t = 0; t < s->triangles; t++) {
        const int32_t *i = in->triangle + 3 * t;
        Vec a = vec(in->position + 3 * i[0]);
        Vec n = cross(sub(vec(in->position + 3 * i[1]), a), sub(vec(in->position + 3 * i[2]), a));
        for (int k = 0; k < 3; k++) {
            float *out = normal + 3 * i[k];
            out[0] += n.x; out[1] += n.y; out[2] += n.z;
        }
    }
    for (int32_t v = 0; v < s->vertices; v++) {
        Vec n = unit(vec(normal + 3 * v));
        normal[3 * v] = n.x; normal[3 * v + 1] = n.y; normal[3 * v + 2] = n.z;
    }
}

/* Facing away so far (z of the normal), a vertex cannot be seen from in front, however near the camera. */
static const float UNSEEN = -0.4f;

/* How much of each vertex lies open to a far light: vertices themselves, splatted, are the occluders. */
static void openness(const Scene *s, const Inputs *in, const float *normal, const uint8_t *blocks, Vec to_light,
                     int side, float bias, float soft, float *map, float *open)
{
    Vec right = unit(cross(fabsf(to_light.y) < 0.9f ? (Vec){ 0, 1, 0 } : (Vec){ 1, 0, 0 }, to_light));
    Vec up = cross(to_light, right);
    float scale = (float)side / 36.0f, half = 0.5f * (float)side;
    for (int i = 0; i < side * side; i++) map[i] = -1e9f;
    for (int32_t v = 0; v < s->vertices; v++) {
        if (!blocks[v]) continue;
        Vec p = vec(in->position + 3 * v);
        int x = (int)(dot(p, right) * scale + half), y = (int)(dot(p, up) * scale + half);
        if (x < 0 || y < 0 || x >= side - 1 || y >= side - 1) continue;
        float depth = dot(p, to_light);
        float *m = map + y * side + x;
        if (m[0] < depth) m[0] = depth;
        if (m[1] < depth) m[1] = depth;
        if (m[side] < depth) m[side] = depth;
        if (m[side + 1] < depth) m[side + 1] = depth;
    }
    for (int32_t v = 0; v < s->vertices; v++) {
        open[v] = 1.0f;
        if (normal[3 * v + 2] < UNSEEN) continue;
        Vec p = add(vec(in->position + 3 * v), scaled(vec(normal + 3 * v), 0.25f));
        float fx = dot(p, right) * scale + half - 0.5f, fy = dot(p, up) * scale + half - 0.5f;
        int x = (int)fx, y = (int)fy;
        if (fx < 0 || fy < 0 || x >= side - 1 || y >= side - 1) continue;
        float depth = dot(p, to_light) + bias, ax = fx - (float)x, ay = fy - (float)y;
        const float *m = map + y * side + x;
        float o00 = 1.0f - clamp((m[0] - depth) / soft, 0, 1), o10 = 1.0f - clamp((m[1] - depth) / soft, 0, 1);
        float o01 = 1.0f - clamp((m[side] - depth) / soft, 0, 1);
        float o11 = 1.0f - clamp((m[side + 1] - depth) / soft, 0, 1);
        open[v] = (o00 * (1 - ax) + o10 * ax) * (1 - ay) + (o01 * (1 - ax) + o11 * ax) * ay;
    }
}

enum { AMBIENT_VIEWS = 10, AMBIENT_SIDE = 100, SHADOW_SIDE = 150 };

static void ambient_openness(const Scene *s, const Inputs *in, const float *normal, const uint8_t *blocks,
                             float *map, float *one, float *total)
{
    for (int32_t v = 0; v < s->vertices; v++) total[v] = 0.0f;
    for (int k = 0; k < AMBIENT_VIEWS; k++) {
        /* A spiral over the front half space; the back of the head is hardly seen. */
        float z = 0.15f + 0.85f * ((float)k + 0.5f) / AMBIENT_VIEWS, a = 2.39996f * (float)k + 0.4f;
        float r = sqrtf(1.0f - z * z);
        Vec d = { r * cosf(a), r * sinf(a), z };
        openness(s, in, normal, blocks, d, AMBIENT_SIDE, 0.10f, 0.9f, map, one);
        for (int32_t v = 0; v < s->vertices; v++) total[v] += one[v];
    }
    for (int32_t v = 0; v < s->vertices; v++) total[v] /= AMBIENT_VIEWS;
}

/* ---- visibility ----------------------------------------------------------------------------- */

static int strand_hit(const Inputs *in, const int32_t *i, const float *w)
{
    float along = 0, up = 0, density = 0, width = 0;
    for (int k = 0; k < 3; k++) {
        along += w[k] * in->uv[2 * i[k]];
        up += w[k] * in->uv[2 * i[k] + 1];
        density += w[k] * in->gloss[i[k]];
    }
    width = 0.62f - 0.5f * up;
    float cell = floorf(along);
    float reach = 0.65f + 0.35f * noise((uint32_t)(int)cell * 7919u);
    if (up > reach || noise((uint32_t)(int)cell * 104729u + 11u) > density) return 0;
    return fabsf(along - cell - 0.5f) < 0.5f * width;
}

static void rasterise(const Scene *s, const Inputs *in, const float *screen, float *depth, int32_t *hit)
{
    for (int32_t t = 0; t < s->triangles; t++) {
        const int32_t *i = in->triangle + 3 * t;
        const float *a = screen + 3 * i[0], *b = screen + 3 * i[1], *c = screen + 3 * i[2];
        if (a[2] <= 0 || b[2] <= 0 || c[2] <= 0) continue;
        float area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        int strands = in->material[t] == STRANDS, thin = strands || in->material[t] == SHEET;
        if (area == 0.0f || (area > 0.0f && !thin)) continue; /* y runs down: the front turns negative */
        float low_x = fminf(a[0], fminf(b[0], c[0])), high_x = fmaxf(a[0], fmaxf(b[0], c[0]));
        float low_y = fminf(a[1], fminf(b[1], c[1])), high_y = fmaxf(a[1], fmaxf(b[1], c[1]));
        int x0 = (int)fmaxf(ceilf(low_x), 0), x1 = (int)fminf(floorf(high_x), (float)(s->width - 1));
        int y0 = (int)fmaxf(ceilf(low_y), 0), y1 = (int)fminf(floorf(high_y), (float)(s->height - 1));
        if (x0 > x1 || y0 > y1) continue;
        float over = 1.0f / area;
        for (int y = y0; y <= y1; y++) {
            for (int x = x0; x <= x1; x++) {
                float w[3];
                w[1] = ((float)x - a[0]) * (c[1] - a[1]) - ((float)y - a[1]) * (c[0] - a[0]);
                w[2] = (b[0] - a[0]) * ((float)y - a[1]) - (b[1] - a[1]) * ((float)x - a[0]);
                w[1] *= over; w[2] *= over; w[0] = 1.0f - w[1] - w[2];
                if (w[0] < 0 || w[1] < 0 || w[2] < 0) continue;
                float z = w[0] * a[2] + w[1] * b[2] + w[2] * c[2];
                int at = y * s->width + x;
                if (z <= depth[at] || (strands && !strand_hit(in, i, w))) continue;
                depth[at] = z;
                hit[at] = t;
            }
        }
    }
}

/* ---- shading -------------------------------------------------------------------------------- */

typedef struct {
    Vec point, normal;
    float colour[3], uv[2], open, shadow[4], shine;
    int material, eye;
} Surface;

static inline void texel_at(const Scene *s, const float *uv, int *at, float *ax, float *ay)
{
    float x = clamp(uv[0] * (float)s->texture_width - 0.5f, 0, (float)s->texture_width - 1.01f);
    float y = clamp(uv[1] * (float)s->texture_height - 0.5f, 0, (float)s->texture_height - 1.01f);
    *ax = x - floorf(x); *ay = y - floorf(y);
    *at = (int)y * s->texture_width + (int)x;
}

static inline float bilinear(float a, float b, float c, float d, float ax, float ay)
{
    return (a * (1 - ax) + b * ax) * (1 - ay) + (c * (1 - ax) + d * ax) * ay;
}

static void skin_texture(const Scene *s, const Inputs *in, Surface *f)
{
    int at; float ax, ay;
    texel_at(s, f->uv, &at, &ax, &ay);
    const int w = s->texture_width;
    const float *t = in->albedo + ALBEDO * at;
    for (int k = 0; k < 3; k++)
        f->colour[k] *= bilinear(t[k], t[k + ALBEDO], t[k + ALBEDO * w], t[k + ALBEDO * (w + 1)], ax, ay);
    f->shine = bilinear(t[3], t[3 + ALBEDO], t[3 + ALBEDO * w], t[3 + ALBEDO * (w + 1)], ax, ay);
    const float *h = in->height + at;
    float across = ((h[1] - h[0]) * (1 - ay) + (h[w + 1] - h[w]) * ay) / s->texel;
    float down = ((h[w] - h[0]) * (1 - ax) + (h[w + 1] - h[1]) * ax) / s->texel;
    float level = bilinear(h[0], h[1], h[w], h[w + 1], ax, ay);
    Vec right = unit(cross(vec(s->up), f->normal)), up = cross(f->normal, right);
    f->normal = unit(add(f->normal, add(scaled(right, -across), scaled(up, down))));
    /* A furrow sees less of the light around it. */
    float cavity = 1.0f - clamp(-4.5f * level, 0.0f, 0.4f);
    for (int k = 0; k < 3; k++) f->colour[k] *= k == 0 ? 0.35f + 0.65f * cavity : cavity;
}

static void eye_colour(const Scene *s, Surface *f)
{
    Vec centre = vec(s->eye_centre[f->eye]), axis = vec(s->eye_axis[f->eye]);
    Vec out = sub(f->point, centre);
    float forward = dot(out, axis);
    Vec side = sub(out, scaled(axis, forward));
    float radius = sqrtf(dot(side, side));
    f->normal = unit(out);
    if (forward < 0) radius = 9.0f;
    Vec right = unit(cross((Vec){ 0, 1, 0 }, axis));
    float angle = atan2f(dot(side, cross(axis, right)), dot(side, right));
    float fibre = 0.85f + 0.18f * sinf(angle * 23.0f + 3.0f * sinf(angle * 7.0f)) + 0.1f * sinf(angle * 41.0f);
    float t = clamp((radius - s->pupil) / (s->iris - s->pupil), 0, 1);
    float in_iris = 1.0f - smooth(s->iris - 0.05f, s->iris + 0.05f, radius);
    float open_pupil = smooth(s->pupil - 0.03f, s->pupil + 0.03f, radius);
    float rim = 1.0f - s->limbus * smooth(0.72f, 1.0f, t);
    float red = smooth(0.9f, 1.7f, radius);
    for (int k = 0; k < 3; k++) {
        float iris = (s->iris_inner[k] * (1 - t) + s->iris_outer[k] * t) * fibre * rim * open_pupil + 0.004f;
        float white = s->sclera[k] * (k == 0 ? 1.0f : 1.0f - 0.28f * red);
        f->colour[k] = iris * in_iris + white * (1 - in_iris);
    }
    f->shine = 0.9f;
}

static inline float power16(float v) { v *= v; v *= v; v *= v; return v * v; }

static void shade(const Scene *s, const Light *lights, const Surface *f, float *out)
{
    Vec eye = unit(sub((Vec){ 0, 0, s->distance }, f->point));
    float facing = clamp(dot(f->normal, eye), 0.02f, 1.0f);
    float rise = 0.5f + 0.5f * f->normal.y, open = f->material == PLAIN ? f->open : f->open * f->open;
    if (f->material == EYE) open *= f->open;
    float fresnel = 1.0f - facing;
    fresnel = fresnel * fresnel * fresnel;
    int skin = f->material == SKIN;
    for (int k = 0; k < 3; k++)
        out[k] = f->colour[k] * open * (s->sky[k] * rise + s->ground[k] * (1.0f - rise));
    for (int l = 0; l < s->lights; l++) {
        Vec to = vec(lights[l].direction);
        float lit = dot(f->normal, to), shadow = f->shadow[l], soft_shadow = sqrtf(shadow);
        Vec half = unit(add(to, eye));
        float glint = clamp(dot(f->normal, half), 0, 1), spec;
        if (f->material == EYE) {
            spec = 1.6f * power16(power16(glint));
        } else {
            float broad = power16(glint);
            spec = f->shine * (0.05f + 0.6f * fresnel) * (0.6f * broad + 0.8f * broad * broad * broad);
        }
        float enclosed = 0.35f + 0.65f * f->open;
        for (int k = 0; k < 3; k++) {
            float wrap = skin ? s->scatter[k] : 0.05f;
            float diffuse = clamp((lit + wrap) / (1.0f + wrap), 0, 1);
            /* Light that entered beside a shadow's edge reddens it. */
            float shade_edge = skin ? shadow + 1.5f * wrap * (soft_shadow - shadow) : shadow;
            out[k] += lights[l].colour[k] * shade_edge * enclosed * (f->colour[k] * diffuse + spec * clamp(4 * lit, 0, 1));
        }
    }
}

typedef struct {
    const Scene *s;
    const Inputs *in;
    const Light *lights;
    const float *screen, *normal, *ambient, *shadow;
} Frame;

static void surface_at(const Frame *f, int32_t t, float x, float y, Surface *out)
{
    const Inputs *in = f->in;
    const int32_t *i = in->triangle + 3 * t;
    const float *a = f->screen + 3 * i[0], *b = f->screen + 3 * i[1], *c = f->screen + 3 * i[2];
    float over = 1.0f / ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
    float w[3];
    w[1] = clamp(((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) * over, 0, 1);
    w[2] = clamp(((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) * over, 0, 1);
    w[0] = clamp(1.0f - w[1] - w[2], 0, 1);
    /* A sample beside a sliver of a triangle takes the nearest point in it. */
    float whole = 1.0f / (w[0] + w[1] + w[2]);
    for (int k = 0; k < 3; k++) w[k] *= whole;
    memset(out, 0, sizeof *out);
    out->material = in->material[t];
    for (int k = 0; k < 3; k++) {
        int32_t v = i[k];
        out->point = add(out->point, scaled(vec(in->position + 3 * v), w[k]));
        out->normal = add(out->normal, scaled(vec(f->normal + 3 * v), w[k]));
        for (int j = 0; j < 3; j++) out->colour[j] += w[k] * in->colour[3 * v + j];
        out->uv[0] += w[k] * in->uv[2 * v];
        out->uv[1] += w[k] * in->uv[2 * v + 1];
        out->open += w[k] * f->ambient[v];
        out->shine += w[k] * in->gloss[v];
        for (int l = 0; l < f->s->lights; l++) out->shadow[l] += w[k] * f->shadow[(size_t)l * f->s->vertices + v];
    }
    out->normal = unit(out->normal);
    if (out->material == SHEET && out->normal.z < 0) out->normal = scaled(out->normal, -1.0f);
    out->eye = out->point.x < 0.5f * (f->s->eye_centre[0][0] + f->s->eye_centre[1][0]);
}

static void colour_at(const Frame *f, int32_t t, float x, float y, float *out)
{
    Surface surface;
    surface_at(f, t, x, y, &surface);
    if (surface.material == SKIN && surface.shine > 0.5f) { /* under the collar */
        surface.material = CLOTH;
        surface.shine = 0.0f;
        memcpy(surface.colour, f->s->cloth, sizeof surface.colour);
    }
    if (surface.material == SKIN) skin_texture(f->s, f->in, &surface);
    if (surface.material == EYE) eye_colour(f->s, &surface);
    if (surface.material == STRANDS) surface.shine = 0.0f;
    shade(f->s, f->lights, &surface, out);
}

enum { CURVE = 4096 };

/* sRGB bytes over the square root of linear light, which spreads the dark end. */
static void fill_curve(uint8_t *curve)
{
    for (int i = 0; i < CURVE; i++) {
        float root = (float)i / (CURVE - 1), v = root * root;
        v = v <= 0.0031308f ? 12.92f * v : 1.055f * powf(v, 1.0f / 2.4f) - 0.055f;
        curve[i] = (uint8_t)(clamp(v, 0, 1) * 255.0f + 0.5f);
    }
}

static inline uint8_t to_byte(const uint8_t *curve, float v)
{
    v = v < 0 ? 0 : v;
    v = v / (1.0f + 0.18f * v * v / (1.0f + v)); /* a soft shoulder for highlights */
    return curve[(int)(sqrtf(clamp(v, 0, 1)) * (CURVE - 1) + 0.5f)];
}

static int one_surface(const Frame *f, const int32_t *hit, const float *depth, int x, int y)
{
    int n = f->s->samples, w = f->s->width;
    float low = 1e9f, high = 0;
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) {
            int at = (y * n + j) * w + x * n + i;
            if (hit[at] < 0) return 0;
            int material = f->in->material[hit[at]];
            if (material != SKIN && material != CLOTH && material != PLAIN && material != SHEET) return 0;
            low = fminf(low, depth[at]);
            high = fmaxf(high, depth[at]);
        }
    }
    return high - low < 0.006f * high; /* inverse depth: a few millimetres at arm's length */
}

static void resolve(const Frame *f, const int32_t *hit, const float *depth, uint8_t *picture)
{
    int n = f->s->samples, w = f->s->width, columns = w / n, rows = f->s->height / n;
    uint8_t curve[CURVE];
    fill_curve(curve);
    float share = 1.0f / (float)(n * n), middle = 0.5f * (float)(n - 1);
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
            const float *back = f->in->background + 3 * (y * columns + x);
            float sum[3] = { 0, 0, 0 }, c[3];
            if (one_surface(f, hit, depth, x, y)) {
                colour_at(f, hit[(y * n + n / 2) * w + x * n + n / 2], (float)(x * n) + middle,
                          (float)(y * n) + middle, sum);
            } else {
                for (int k = 0; k < n * n; k++) {
                    int sx = x * n + k % n, sy = y * n + k / n;
                    int32_t t = hit[sy * w + sx];
                    if (t >= 0) colour_at(f, t, (float)sx, (float)sy, c);
                    for (int j = 0; j < 3; j++) sum[j] += share * (t >= 0 ? c[j] : back[j] / f->s->exposure);
                }
            }
            for (int k = 0; k < 3; k++) picture[3 * (y * columns + x) + k] = to_byte(curve, sum[k] * f->s->exposure);
        }
    }
}

/* Render one head. `picture` is (height/samples, width/samples, 3). Returns 0, or 1 when memory ran out. */
int render_head(const Scene *s, const Light *lights, const Inputs *in, const uint8_t *blocks, uint8_t *picture)
{
    size_t n = (size_t)s->vertices, pixels = (size_t)s->width * (size_t)s->height;
    size_t floats = n * (3 + 3 + 1 + 1 + (size_t)s->lights) + pixels + SHADOW_SIDE * SHADOW_SIDE;
    float *memory = malloc(floats * sizeof(float));
    int32_t *hit = malloc(pixels * sizeof(int32_t));
    if (!memory || !hit) { free(memory); free(hit); return 1; }
    float *screen = memory, *normal = screen + 3 * n, *ambient = normal + 3 * n, *one = ambient + n;
    float *shadow = one + n, *depth = shadow + n * (size_t)s->lights, *map = depth + pixels;

    for (size_t v = 0; v < n; v++) {
        const float *p = in->position + 3 * v;
        float over = 1.0f / (s->distance - p[2]);
        screen[3 * v] = s->centre_x + s->focal * p[0] * over;
        screen[3 * v + 1] = s->centre_y - s->focal * p[1] * over;
        screen[3 * v + 2] = over;
    }
    vertex_normals(s, in, normal);
    ambient_openness(s, in, normal, blocks, map, one, ambient);
    for (int l = 0; l < s->lights; l++) {
        float *out = shadow + (size_t)l * n;
        if (lights[l].shadow > 0)
            openness(s, in, normal, blocks, vec(lights[l].direction), SHADOW_SIDE, 0.15f, s->shadow_softness, map, out);
        for (size_t v = 0; v < n; v++)
            out[v] = lights[l].shadow > 0 ? 1.0f - lights[l].shadow * (1.0f - out[v]) : 1.0f;
    }
    memset(depth, 0, pixels * sizeof(float));
    memset(hit, 0xff, pixels * sizeof(int32_t));
    rasterise(s, in, screen, depth, hit);
    Frame f = { s, in, lights, screen, normal, ambient, shadow };
    resolve(&f, hit, depth, picture);
    free(memory);
    free(hit);
    return 0;
}
