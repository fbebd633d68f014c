#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli) of `count` bytes, continuing from `seed` (0 to begin). Hardware where there is any.
uint32_t martlet_crc32c(uint32_t seed, const void *bytes, size_t count);

/// Names the calling thread for tools such as top; at most 15 bytes count.
void martlet_name_thread(const char *name);

/// Sets how far the calling thread stands back behind others, 0 to 19 as `nice` says.
void martlet_set_niceness(int niceness);

/// Opens a file past the page cache, for reading and writing; -1 where that cannot be done.
int martlet_open_direct(const char *path);

/// SipHash-2-4 with a 128-bit result (Aumasson and Bernstein), keyed: who does not know the key cannot make collisions.
typedef struct { uint64_t low, high; } martlet_hash128;
martlet_hash128 martlet_siphash128(uint64_t key0, uint64_t key1, const void *bytes, size_t count);

/// The first place at or behind `from` where `needle` stands in `text`, A-Z and a-z taken for the same; `count` when there is none.
/// `needle` must be lower case where it is ASCII and at least one byte long.
size_t martlet_find_folded(const uint8_t *text, size_t count, size_t from, const uint8_t *needle, size_t needle_count);

/// The first place where `needle`, at least one byte long, stands in `text`; `count` when there is none.
size_t martlet_find(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count);

// ---- Columns: which of `count` values satisfy a test, as one bit each from the lowest of out[0]; (count + 63) / 64 words are written whole.

/// values[i] == wanted
void martlet_equal_8(const uint8_t *values, size_t count, uint8_t wanted, uint64_t *out);
void martlet_equal_16(const uint16_t *values, size_t count, uint16_t wanted, uint64_t *out);
void martlet_equal_32(const uint32_t *values, size_t count, uint32_t wanted, uint64_t *out);
/// low <= values[i] <= high
void martlet_range_8(const int8_t *values, size_t count, int8_t low, int8_t high, uint64_t *out);
void martlet_range_16(const int16_t *values, size_t count, int16_t low, int16_t high, uint64_t *out);
void martlet_range_32(const int32_t *values, size_t count, int32_t low, int32_t high, uint64_t *out);
void martlet_range_64(const int64_t *values, size_t count, int64_t low, int64_t high, uint64_t *out);
void martlet_range_u32(const uint32_t *values, size_t count, uint32_t low, uint32_t high, uint64_t *out);
/// truths[values[i]] != 0; values beyond `truthCount` are false. Where `among` is not null, only its bits are asked about and others may be either.
void martlet_table_8(const uint8_t *values, size_t count, const uint8_t *truths, size_t truthCount, const uint64_t *among, uint64_t *out);
void martlet_table_16(const uint16_t *values, size_t count, const uint8_t *truths, size_t truthCount, const uint64_t *among, uint64_t *out);
void martlet_table_32(const uint32_t *values, size_t count, const uint8_t *truths, size_t truthCount, const uint64_t *among, uint64_t *out);

/// Between rows and slots: `rows` says which of `wordCount` × 64 rows have a slot, in order. Compress takes the bits of such rows out of `in` and
/// packs them; expand does the reverse, with 0 for rows without a slot. `out` of compress has room for `wordCount` words, all written.
void martlet_compress(const uint64_t *rows, const uint64_t *in, size_t wordCount, uint64_t *out);
void martlet_expand(const uint64_t *rows, const uint64_t *packed, size_t wordCount, uint64_t *out);

/// Lowers out[row] to the row's value where that is less: `values` has one for each of `rows`, in order, and only rows that are in `own` too are touched.
void martlet_lower(const uint64_t *rows, const uint64_t *own, size_t wordCount, const uint32_t *values, uint32_t *out);

/// `count` periods (at most 128) of `length` seconds, the first from the second `start` on.
typedef struct { uint32_t start, length, count; } martlet_periods;

/// Sets in out[2 × row], out[2 × row + 1] a bit for each period in which the row has an event. `starts` has one for each of `rows`, in order, and an end: where its
/// events begin in `seconds`, which ascend for each. Only rows that are `wanted` too are touched.
void martlet_mark(
    const uint64_t *rows, const uint64_t *wanted, size_t wordCount, const uint32_t *starts, const uint32_t *seconds, martlet_periods periods, uint64_t *out);

/// One person's events of one kind, ascending in time; `mask` says by place which of them are meant, null for all.
typedef struct { const uint32_t *seconds; const uint16_t *thousandths; const uint64_t *mask; size_t from, to; } martlet_events;
/// An event that ends a chain: when, and when the latest such chain began, in milliseconds.
typedef struct { int64_t time, start; } martlet_link;

/// The events of `b` that lie after one of `a`, at most `within` ms after it; at most `most` of them, in `out`, which has room for as many as `b` has. Returns how many.
size_t martlet_chain_first(const martlet_events *a, const martlet_events *b, int64_t within, size_t most, martlet_link *out);
/// The events of `b` that go on from one of the links, at most `within` ms after its chain began.
size_t martlet_chain_next(const martlet_link *links, size_t linkCount, const martlet_events *b, int64_t within, size_t most, martlet_link *out);

/// The place that most of `count` codes have, of equals the first; `placeCount` where none has one. `places` holds 256, and of codes that have none
/// `placeCount`, at most 255.
size_t martlet_mode(const uint8_t *codes, size_t count, const uint8_t *places, size_t placeCount);

/// A quick hash of short texts in two halves, keyed at random in each process so that nobody outside can send texts that collide: 128-bit products folded, after
/// Wang Yi's wyhash. Not for anything that is kept.
martlet_hash128 martlet_quick_hash(uint64_t key, const void *bytes, size_t count);

/// Has the allocator keep up to `bytes` (at most 2 GiB) of what is freed for what comes next: giving megabytes back and taking them again, zeroed page by page, was an eighth of all
/// time of an import. ``martlet_return_memory`` gives it back.
void martlet_keep_memory(size_t bytes);

/// Has a crash leave no copy of memory, which holds what people said; who needs one raises the limit while it runs.
void martlet_keep_no_core(void);

/// Has the allocator ask the system for pages of 2 MiB, in which the loops over columns run up to twice as fast, and keep a heap for each processor. The C library reads that when a process begins, so that this
/// one begins again, with the same arguments (ended by null) and number; once. Comes back where nothing is to be done, and with -1 where it cannot be.
int martlet_take_large_pages(char **arguments);

/// Has memory that will be read soon fetched meanwhile.
static inline void martlet_prefetch(const void *place) { __builtin_prefetch(place); }

/// Gives memory that is free inside the process back to the system, where the allocator can.
void martlet_return_memory(void);

/// Writes `count` elements of `stride` bytes with all first bytes before all second bytes and so on, and back.
void martlet_split_planes(const void *elements, size_t count, size_t stride, uint8_t *planes);
void martlet_join_planes(const uint8_t *planes, size_t count, size_t stride, void *elements);
