#include "kernels.h"
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline uint8_t folded(uint8_t byte) { return (uint8_t)(byte - 'A') < 26 ? byte | 0x20 : byte; }

static int matches(const uint8_t *text, const uint8_t *needle, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (folded(text[i]) != needle[i]) return 0;
  return 1;
}

#if defined(__SSE2__)
static inline __m128i folded16(__m128i bytes) {
  // Signed compares: bytes from 0x80 on are negative and stay as they are.
  __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1)));
  return _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
}
#endif

size_t martlet_find_folded(const uint8_t *text, size_t count, size_t from, const uint8_t *needle, size_t needle_count) {
  if (needle_count == 0 || needle_count > count) return count;
  size_t last = count - needle_count;
  size_t i = from;
#if defined(__SSE2__)
  // First and last byte of the needle at sixteen places at once; the bytes between are compared only where both fit.
  __m128i head = _mm_set1_epi8((char)needle[0]), tail = _mm_set1_epi8((char)needle[needle_count - 1]);
  for (; i + 15 <= last; i += 16) {
    __m128i a = folded16(_mm_loadu_si128((const __m128i *)(text + i)));
    __m128i b = folded16(_mm_loadu_si128((const __m128i *)(text + i + needle_count - 1)));
    unsigned hits = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, head), _mm_cmpeq_epi8(b, tail)));
    for (; hits; hits &= hits - 1) {
      size_t at = i + (size_t)__builtin_ctz(hits);
      if (matches(text + at, needle, needle_count)) return at;
    }
  }
#endif
  for (; i <= last; i++)
    if (matches(text + i, needle, needle_count)) return i;
  return count;
}

// Of a quoted name, the second and the last but one byte are compared: quotes stand everywhere in JSON.
static size_t find_plain(const uint8_t *text, size_t count, size_t i, const uint8_t *needle, size_t needle_count) {
  for (; i + needle_count <= count; i++) {
    const uint8_t *hit = memchr(text + i, needle[0], count - needle_count + 1 - i);
    if (!hit) return count;
    i = (size_t)(hit - text);
    if (memcmp(hit, needle, needle_count) == 0) return i;
  }
  return count;
}

#if defined(__x86_64__)
#include <immintrin.h>
__attribute__((target("avx2"))) static size_t find_avx2(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
  size_t a = needle_count > 2 ? 1 : 0, b = needle_count > 2 ? needle_count - 2 : needle_count - 1;
  __m256i head = _mm256_set1_epi8((char)needle[a]), tail = _mm256_set1_epi8((char)needle[b]);
  size_t i = 0;
  for (; i + needle_count + 31 <= count; i += 32) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(text + i + a)), y = _mm256_loadu_si256((const __m256i *)(text + i + b));
    unsigned hits = (unsigned)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(x, head), _mm256_cmpeq_epi8(y, tail)));
    for (; hits; hits &= hits - 1) {
      size_t at = i + (size_t)__builtin_ctz(hits);
      if (memcmp(text + at, needle, needle_count) == 0) return at;
    }
  }
  return find_plain(text, count, i, needle, needle_count);
}
#endif

size_t martlet_find(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
  if (needle_count == 0 || needle_count > count) return count;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return find_avx2(text, count, needle, needle_count);
#endif
  return find_plain(text, count, 0, needle, needle_count);
}
