#include "kernels.h"

// Plain loops that every compiler vectorises as far as it can, and AVX-512 where the processor has it: there a comparison of 64 bytes is one
// instruction whose result is the bits we want (measured: 60 GB/s from L2 against 8 for the plain loop).

#define PLAIN(NAME, TYPE, TEST)                                                                                        \
    static void NAME##_plain(const TYPE *values, size_t count, TYPE low, TYPE high, uint64_t *out) {                   \
        for (size_t i = 0; i < count; i += 64) {                                                                       \
            uint64_t word = 0;                                                                                         \
            size_t n = count - i < 64 ? count - i : 64;                                                                \
            for (size_t j = 0; j < n; j++) {                                                                           \
                TYPE v = values[i + j];                                                                                \
                word |= (uint64_t)(TEST) << j;                                                                         \
            }                                                                                                          \
            out[i / 64] = word;                                                                                        \
        }                                                                                                              \
    }

PLAIN(range_i8, int8_t, (v >= low) & (v <= high))
PLAIN(range_i16, int16_t, (v >= low) & (v <= high))
PLAIN(range_i32, int32_t, (v >= low) & (v <= high))
PLAIN(range_i64, int64_t, (v >= low) & (v <= high))
PLAIN(range_u8, uint8_t, (v >= low) & (v <= high))
PLAIN(range_u16, uint16_t, (v >= low) & (v <= high))
PLAIN(range_u32, uint32_t, (v >= low) & (v <= high))

#if defined(__x86_64__)
#include <immintrin.h>

static int has_avx512(void) {
    static int known = -1;
    int level = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (level >= 0) return level;
    __builtin_cpu_init();
    level = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    __atomic_store_n(&known, level, __ATOMIC_RELAXED);
    return level;
}

#define WIDE(NAME, TYPE, SET, SUFFIX, MASK)                                                                            \
    __attribute__((target("avx512f,avx512bw"))) static void NAME##_wide(                                               \
        const TYPE *values, size_t count, TYPE low, TYPE high, uint64_t *out) {                                        \
        const size_t lanes = 64 / sizeof(TYPE);                                                                        \
        const __m512i l = SET(low), h = SET(high);                                                                     \
        size_t i = 0;                                                                                                  \
        for (; i + 64 <= count; i += 64) {                                                                             \
            uint64_t word = 0;                                                                                         \
            for (size_t j = 0; j < 64; j += lanes) {                                                                   \
                const __m512i v = _mm512_loadu_si512((const void *)(values + i + j));                                  \
                const MASK m = _mm512_cmpge_##SUFFIX##_mask(v, l) & _mm512_cmple_##SUFFIX##_mask(v, h);                \
                word |= (uint64_t)m << j;                                                                              \
            }                                                                                                          \
            out[i / 64] = word;                                                                                        \
        }                                                                                                              \
        if (i < count) NAME##_plain(values + i, count - i, low, high, out + i / 64);                                   \
    }

WIDE(range_i8, int8_t, _mm512_set1_epi8, epi8, __mmask64)
WIDE(range_i16, int16_t, _mm512_set1_epi16, epi16, __mmask32)
WIDE(range_i32, int32_t, _mm512_set1_epi32, epi32, __mmask16)
WIDE(range_i64, int64_t, _mm512_set1_epi64, epi64, __mmask8)
WIDE(range_u8, uint8_t, _mm512_set1_epi8, epu8, __mmask64)
WIDE(range_u16, uint16_t, _mm512_set1_epi16, epu16, __mmask32)
WIDE(range_u32, uint32_t, _mm512_set1_epi32, epu32, __mmask16)

#define DISPATCH(NAME) (has_avx512() ? NAME##_wide : NAME##_plain)
#else
#define DISPATCH(NAME) NAME##_plain
#endif

void martlet_equal_8(const uint8_t *v, size_t n, uint8_t x, uint64_t *out) { DISPATCH(range_u8)(v, n, x, x, out); }
void martlet_equal_16(const uint16_t *v, size_t n, uint16_t x, uint64_t *out) { DISPATCH(range_u16)(v, n, x, x, out); }
void martlet_equal_32(const uint32_t *v, size_t n, uint32_t x, uint64_t *out) { DISPATCH(range_u32)(v, n, x, x, out); }
void martlet_range_8(const int8_t *v, size_t n, int8_t l, int8_t h, uint64_t *out) { DISPATCH(range_i8)(v, n, l, h, out); }
void martlet_range_16(const int16_t *v, size_t n, int16_t l, int16_t h, uint64_t *out) { DISPATCH(range_i16)(v, n, l, h, out); }
void martlet_range_32(const int32_t *v, size_t n, int32_t l, int32_t h, uint64_t *out) { DISPATCH(range_i32)(v, n, l, h, out); }
void martlet_range_64(const int64_t *v, size_t n, int64_t l, int64_t h, uint64_t *out) { DISPATCH(range_i64)(v, n, l, h, out); }
void martlet_range_u32(const uint32_t *v, size_t n, uint32_t l, uint32_t h, uint64_t *out) { DISPATCH(range_u32)(v, n, l, h, out); }

#define TABLE(NAME, TYPE)                                                                                              \
    void NAME(const TYPE *values, size_t count, const uint8_t *truths, size_t truthCount, const uint64_t *among,       \
              uint64_t *out) {                                                                                         \
        for (size_t i = 0; i < count; i += 64) {                                                                       \
            uint64_t word = 0;                                                                                         \
            const size_t n = count - i < 64 ? count - i : 64;                                                          \
            if (among && __builtin_popcountll(among[i / 64]) < 32) {                                                   \
                for (uint64_t rest = among[i / 64]; rest; rest &= rest - 1) {                                          \
                    const size_t j = (size_t)__builtin_ctzll(rest);                                                    \
                    if (j >= n) break;                                                                                 \
                    const size_t v = values[i + j];                                                                    \
                    word |= (uint64_t)(v < truthCount && truths[v] != 0) << j;                                         \
                }                                                                                                      \
            } else {                                                                                                   \
                for (size_t j = 0; j < n; j++) {                                                                       \
                    const size_t v = values[i + j];                                                                    \
                    word |= (uint64_t)(v < truthCount && truths[v] != 0) << j;                                         \
                }                                                                                                      \
            }                                                                                                          \
            out[i / 64] = word;                                                                                        \
        }                                                                                                              \
    }

TABLE(martlet_table_8, uint8_t)
TABLE(martlet_table_16, uint16_t)
TABLE(martlet_table_32, uint32_t)

// ---- Rows and slots

static void compress_plain(const uint64_t *rows, const uint64_t *in, size_t n, uint64_t *out) {
    for (size_t i = 0; i < n; i++) out[i] = 0;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        for (uint64_t rest = rows[i]; rest; rest &= rest - 1, at++) {
            if (in[i] & (rest & -rest)) out[at / 64] |= (uint64_t)1 << (at % 64);
        }
    }
}

static void expand_plain(const uint64_t *rows, const uint64_t *packed, size_t n, uint64_t *out) {
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t word = 0;
        for (uint64_t rest = rows[i]; rest; rest &= rest - 1, at++) {
            if (packed[at / 64] >> (at % 64) & 1) word |= rest & -rest;
        }
        out[i] = word;
    }
}

#if defined(__x86_64__)
__attribute__((target("bmi2,popcnt"))) static void compress_bmi2(const uint64_t *rows, const uint64_t *in, size_t n, uint64_t *out) {
    for (size_t i = 0; i < n; i++) out[i] = 0;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t bits = _pext_u64(in[i], rows[i]);
        const size_t count = (size_t)_mm_popcnt_u64(rows[i]);
        if (!count) continue;
        const size_t shift = at % 64;
        out[at / 64] |= bits << shift;
        if (shift && shift + count > 64) out[at / 64 + 1] |= bits >> (64 - shift);
        at += count;
    }
}

__attribute__((target("bmi2,popcnt"))) static void expand_bmi2(const uint64_t *rows, const uint64_t *packed, size_t n, uint64_t *out) {
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t count = (size_t)_mm_popcnt_u64(rows[i]);
        if (!count) {
            out[i] = 0;
            continue;
        }
        const size_t shift = at % 64;
        uint64_t bits = packed[at / 64] >> shift;
        if (shift && shift + count > 64) bits |= packed[at / 64 + 1] << (64 - shift);
        out[i] = _pdep_u64(bits, rows[i]);
        at += count;
    }
}

static int has_bmi2(void) {
    static int known = -1;
    int level = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (level >= 0) return level;
    __builtin_cpu_init();
    level = __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
    __atomic_store_n(&known, level, __ATOMIC_RELAXED);
    return level;
}

void martlet_compress(const uint64_t *rows, const uint64_t *in, size_t n, uint64_t *out) { (has_bmi2() ? compress_bmi2 : compress_plain)(rows, in, n, out); }
void martlet_expand(const uint64_t *rows, const uint64_t *packed, size_t n, uint64_t *out) { (has_bmi2() ? expand_bmi2 : expand_plain)(rows, packed, n, out); }
#else
void martlet_compress(const uint64_t *rows, const uint64_t *in, size_t n, uint64_t *out) { compress_plain(rows, in, n, out); }
void martlet_expand(const uint64_t *rows, const uint64_t *packed, size_t n, uint64_t *out) { expand_plain(rows, packed, n, out); }
#endif

// ---- Events by slot

static void lower_plain(const uint64_t *rows, const uint64_t *own, size_t n, const uint32_t *values, uint32_t *out) {
    for (size_t i = 0; i < n; i++) {
        for (uint64_t rest = rows[i]; rest; rest &= rest - 1, values++) {
            const size_t row = i * 64 + (size_t)__builtin_ctzll(rest);
            if (own[i] & (rest & -rest) && *values < out[row]) out[row] = *values;
        }
    }
}

static size_t mode_plain(const uint8_t *codes, size_t n, const uint8_t *places, size_t placeCount) {
    uint32_t counts[256] = {0};
    for (size_t i = 0; i < n; i++) counts[places[codes[i]]]++;
    size_t best = placeCount;
    uint32_t most = 0;
    for (size_t place = 0; place < placeCount; place++) {
        if (counts[place] > most) {
            most = counts[place];
            best = place;
        }
    }
    return best;
}

// The number of each event's period by a multiplication, exact for 32 bits (2^64 / length rounded up is at most 2^32 × length
// too large).
static inline __attribute__((always_inline)) void mark_rows(
    const uint64_t *rows, const uint64_t *wanted, size_t n, const uint32_t *starts, const uint32_t *seconds, martlet_periods p, uint64_t *out) {
    const uint64_t inverse = ~(uint64_t)0 / p.length + 1;
    const uint64_t low_mask = p.count < 64 ? ((uint64_t)1 << p.count) - 1 : ~(uint64_t)0;
    const uint64_t high_mask = p.count <= 64 ? 0 : p.count < 128 ? ((uint64_t)1 << (p.count - 64)) - 1 : ~(uint64_t)0;
    for (size_t i = 0; i < n; i++) {
        for (uint64_t rest = rows[i]; rest; rest &= rest - 1, starts++) {
            if (!(wanted[i] & (rest & -rest))) continue;
            uint64_t low = 0, high = 0;
            for (size_t at = starts[1]; at > starts[0] && seconds[at - 1] >= p.start; at--) {
                const uint64_t period = p.length == 1 ? seconds[at - 1] - p.start : (uint64_t)(((__uint128_t)inverse * (seconds[at - 1] - p.start)) >> 64);
                if (period >= 128) continue;
                const uint64_t bit = (uint64_t)1 << (period & 63), is_high = -(period >> 6);
                low |= bit & ~is_high;
                high |= bit & is_high;
            }
            uint64_t *const mine = out + (i * 64 + (size_t)__builtin_ctzll(rest)) * 2;
            mine[0] |= low & low_mask;
            mine[1] |= high & high_mask;
        }
    }
}

static void mark_plain(const uint64_t *rows, const uint64_t *wanted, size_t n, const uint32_t *starts, const uint32_t *seconds, martlet_periods p, uint64_t *out) {
    mark_rows(rows, wanted, n, starts, seconds, p, out);
}

static inline __attribute__((always_inline)) int64_t time_of(const martlet_events *e, size_t at) { return (int64_t)e->seconds[at] * 1000 + e->thousandths[at]; }
static inline __attribute__((always_inline)) int is_meant(const martlet_events *e, size_t at) { return !e->mask || e->mask[at / 64] >> (at % 64) & 1; }

size_t martlet_chain_first(const martlet_events *a, const martlet_events *b, int64_t within, size_t most, martlet_link *out) {
    size_t count = 0, at = a->from;
    int64_t start = INT64_MIN;
    for (size_t i = b->from; i < b->to && count < most; i++) {
        if (!is_meant(b, i)) continue;
        const int64_t time = time_of(b, i);
        for (int64_t earlier; at < a->to && (earlier = time_of(a, at)) < time; at++) {
            if (is_meant(a, at)) start = earlier;
        }
        if (start != INT64_MIN && time - start <= within) out[count++] = (martlet_link){time, start};
    }
    return count;
}

size_t martlet_chain_next(const martlet_link *links, size_t link_count, const martlet_events *b, int64_t within, size_t most, martlet_link *out) {
    size_t count = 0, at = 0;
    int64_t start = INT64_MIN;
    for (size_t i = b->from; i < b->to && count < most; i++) {
        if (!is_meant(b, i)) continue;
        const int64_t time = time_of(b, i);
        for (; at < link_count && links[at].time < time; at++) start = links[at].start;
        if (start != INT64_MIN && time - start <= within) out[count++] = (martlet_link){time, start};
    }
    return count;
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw,popcnt"))) static void lower_wide(
    const uint64_t *rows, const uint64_t *own, size_t n, const uint32_t *values, uint32_t *out) {
    for (size_t i = 0; i < n; i++) {
        if (!rows[i]) continue;
        for (size_t j = 0; j < 64; j += 16) {
            const __mmask16 mine = (__mmask16)(rows[i] >> j);
            const __m512i v = _mm512_maskz_expandloadu_epi32(mine, values);
            const __m512i old = _mm512_loadu_si512((const void *)(out + i * 64 + j));
            _mm512_mask_storeu_epi32(out + i * 64 + j, mine & (__mmask16)(own[i] >> j), _mm512_min_epu32(v, old));
            values += __builtin_popcount(mine);
        }
    }
}

// A counter of eight bits for each of 64 places: an event is one addition of a 1 at its place.
__attribute__((target("avx512f,avx512bw,avx512vl,bmi"))) static size_t mode_wide(const uint8_t *codes, size_t n, const uint8_t *places, size_t placeCount) {
    static const uint8_t ones[128] = {[64] = 1};
    __m512i counts = _mm512_setzero_si512();
    for (size_t i = 0; i < n; i++) counts = _mm512_add_epi8(counts, _mm512_loadu_si512((const void *)(ones + 64 - places[codes[i]])));
    counts = _mm512_maskz_mov_epi8(placeCount < 64 ? ((__mmask64)1 << placeCount) - 1 : ~(__mmask64)0, counts);
    __m256i half = _mm256_max_epu8(_mm512_castsi512_si256(counts), _mm512_extracti64x4_epi64(counts, 1));
    __m128i most = _mm_max_epu8(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    // The largest of 16 bytes: of pairs, as the smallest of eight 16-bit numbers turned over.
    most = _mm_max_epu8(most, _mm_srli_epi16(most, 8));
    most = _mm_minpos_epu16(_mm_xor_si128(_mm_and_si128(most, _mm_set1_epi16(0xff)), _mm_set1_epi16(0xff)));
    const uint8_t largest = (uint8_t)(0xff ^ _mm_cvtsi128_si32(most));
    if (!largest) return placeCount;
    return (size_t)__builtin_ctzll(_mm512_cmpeq_epi8_mask(counts, _mm512_set1_epi8((char)largest)));
}

__attribute__((target("bmi,bmi2"))) static void mark_bmi2(
    const uint64_t *rows, const uint64_t *wanted, size_t n, const uint32_t *starts, const uint32_t *seconds, martlet_periods p, uint64_t *out) {
    mark_rows(rows, wanted, n, starts, seconds, p, out);
}

void martlet_mark(const uint64_t *rows, const uint64_t *wanted, size_t n, const uint32_t *starts, const uint32_t *seconds, martlet_periods p, uint64_t *out) {
    (has_bmi2() ? mark_bmi2 : mark_plain)(rows, wanted, n, starts, seconds, p, out);
}

void martlet_lower(const uint64_t *rows, const uint64_t *own, size_t n, const uint32_t *values, uint32_t *out) {
    (has_avx512() ? lower_wide : lower_plain)(rows, own, n, values, out);
}

size_t martlet_mode(const uint8_t *codes, size_t n, const uint8_t *places, size_t placeCount) {
    return (has_avx512() && placeCount < 64 && n < 256 ? mode_wide : mode_plain)(codes, n, places, placeCount);
}
#else
void martlet_mark(const uint64_t *rows, const uint64_t *wanted, size_t n, const uint32_t *starts, const uint32_t *seconds, martlet_periods p, uint64_t *out) {
    mark_plain(rows, wanted, n, starts, seconds, p, out);
}
void martlet_lower(const uint64_t *rows, const uint64_t *own, size_t n, const uint32_t *values, uint32_t *out) { lower_plain(rows, own, n, values, out); }
size_t martlet_mode(const uint8_t *codes, size_t n, const uint8_t *places, size_t placeCount) { return mode_plain(codes, n, places, placeCount); }
#endif

// ---- Quick hash

#include <string.h>

static inline uint64_t fold(uint64_t a, uint64_t b) {
    const __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

martlet_hash128 martlet_quick_hash(uint64_t key, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    const uint64_t one = 0xa0761d6478bd642full, two = 0xe7037ed1a0b428dbull, three = 0x8ebc6af09c88c6e3ull, four = 0x589965cc75374cc3ull;
    uint64_t low = key ^ one, high = key ^ three, a = 0, b = 0;
    size_t left = count;
    while (left > 16) {
        memcpy(&a, p, 8);
        memcpy(&b, p + 8, 8);
        low = fold(a ^ two ^ key, b ^ low);
        high = fold(a ^ four ^ key, b ^ high);
        p += 16;
        left -= 16;
    }
    a = b = 0;
    if (left > 8) {
        memcpy(&a, p, 8);
        memcpy(&b, p + 8, left - 8);
    } else if (left) {
        memcpy(&a, p, left);
    }
    return (martlet_hash128){fold(two ^ count, fold(a ^ two ^ key, b ^ low)), fold(four ^ count, fold(a ^ four ^ key, b ^ high))};
}
