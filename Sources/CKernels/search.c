#include "kernels.h"
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
