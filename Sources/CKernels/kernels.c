#include "kernels.h"
#include <string.h>

// ---- CRC-32C ---------------------------------------------------------------------------------------------------
static uint32_t table[8][256];

__attribute__((constructor)) static void make_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0x82f63b78u : c >> 1;
        table[0][i] = c;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int t = 1; t < 8; t++) table[t][i] = (table[t - 1][i] >> 8) ^ table[0][table[t - 1][i] & 255];
}

static uint32_t crc_portable(uint32_t c, const uint8_t *p, size_t n) {
    while (n >= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        w ^= c; // Little-endian machines only, as the files are.
        c = table[7][w & 255] ^ table[6][(w >> 8) & 255] ^ table[5][(w >> 16) & 255] ^ table[4][(w >> 24) & 255] ^
            table[3][(w >> 32) & 255] ^ table[2][(w >> 40) & 255] ^ table[1][(w >> 48) & 255] ^ table[0][w >> 56];
        p += 8;
        n -= 8;
    }
    while (n--) c = (c >> 8) ^ table[0][(c ^ *p++) & 255];
    return c;
}

#if defined(__x86_64__)
#include <nmmintrin.h>
__attribute__((target("sse4.2"))) static uint32_t crc_sse42(uint32_t c, const uint8_t *p, size_t n) {
    uint64_t c64 = c;
    while (n >= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        c64 = _mm_crc32_u64(c64, w);
        p += 8;
        n -= 8;
    }
    c = (uint32_t)c64;
    while (n--) c = _mm_crc32_u8(c, *p++);
    return c;
}
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
static uint32_t crc_arm(uint32_t c, const uint8_t *p, size_t n) {
    while (n >= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        c = __crc32cd(c, w);
        p += 8;
        n -= 8;
    }
    while (n--) c = __crc32cb(c, *p++);
    return c;
}
#endif

uint32_t martlet_crc32c(uint32_t seed, const void *bytes, size_t count) {
    uint32_t c = ~seed;
#if defined(__x86_64__)
    static int has = -1;
    int h = __atomic_load_n(&has, __ATOMIC_RELAXED);
    if (h < 0) {
        __builtin_cpu_init();
        h = __builtin_cpu_supports("sse4.2") ? 1 : 0;
        __atomic_store_n(&has, h, __ATOMIC_RELAXED);
    }
    if (h) return ~crc_sse42(c, bytes, count);
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
    return ~crc_arm(c, bytes, count);
#endif
    return ~crc_portable(c, bytes, count);
}

// ---- SipHash-2-4-128 -------------------------------------------------------------------------------------------
#define ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))
#define ROUND                                                                                                          \
    do {                                                                                                               \
        v0 += v1; v1 = ROTL(v1, 13); v1 ^= v0; v0 = ROTL(v0, 32);                                                      \
        v2 += v3; v3 = ROTL(v3, 16); v3 ^= v2;                                                                         \
        v0 += v3; v3 = ROTL(v3, 21); v3 ^= v0;                                                                         \
        v2 += v1; v1 = ROTL(v1, 17); v1 ^= v2; v2 = ROTL(v2, 32);                                                      \
    } while (0)

martlet_hash128 martlet_siphash128(uint64_t k0, uint64_t k1, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    uint64_t v0 = k0 ^ 0x736f6d6570736575ull, v1 = k1 ^ 0x646f72616e646f6dull ^ 0xee;
    uint64_t v2 = k0 ^ 0x6c7967656e657261ull, v3 = k1 ^ 0x7465646279746573ull;
    size_t left = count;
    for (; left >= 8; left -= 8, p += 8) {
        uint64_t m;
        memcpy(&m, p, 8);
        v3 ^= m;
        ROUND;
        ROUND;
        v0 ^= m;
    }
    uint64_t last = (uint64_t)count << 56;
    for (size_t i = 0; i < left; i++) last |= (uint64_t)p[i] << (8 * i);
    v3 ^= last;
    ROUND;
    ROUND;
    v0 ^= last;
    v2 ^= 0xee;
    ROUND;
    ROUND;
    ROUND;
    ROUND;
    martlet_hash128 out;
    out.low = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    ROUND;
    ROUND;
    ROUND;
    ROUND;
    out.high = v0 ^ v1 ^ v2 ^ v3;
    return out;
}

// ---- Planes ----------------------------------------------------------------------------------------------------
// A copy for each usual width, so that its loop has constant steps.
#define SPLIT(width) for (size_t k = 0; k < width; k++) for (size_t i = 0; i < count; i++) planes[k * count + i] = from[i * width + k]
#define JOIN(width) for (size_t k = 0; k < width; k++) for (size_t i = 0; i < count; i++) to[i * width + k] = planes[k * count + i]

void martlet_split_planes(const void *elements, size_t count, size_t stride, uint8_t *restrict planes) {
    const uint8_t *restrict from = elements;
    switch (stride) {
    case 2: SPLIT(2); break;
    case 4: SPLIT(4); break;
    case 8: SPLIT(8); break;
    default: SPLIT(stride);
    }
}

void martlet_join_planes(const uint8_t *restrict planes, size_t count, size_t stride, void *elements) {
    uint8_t *restrict to = elements;
    switch (stride) {
    case 2: JOIN(2); break;
    case 4: JOIN(4); break;
    case 8: JOIN(8); break;
    default: JOIN(stride);
    }
}
