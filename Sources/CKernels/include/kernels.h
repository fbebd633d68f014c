#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli) of `count` bytes, continuing from `seed` (0 to begin). Hardware where there is any.
uint32_t martlet_crc32c(uint32_t seed, const void *bytes, size_t count);

/// Names the calling thread for tools such as top; at most 15 bytes count.
void martlet_name_thread(const char *name);

/// Gives the calling thread the lowest share of the processor.
void martlet_yield_to_others(void);

/// Gives freed memory back to the system, where the C library keeps it.
void martlet_trim_memory(void);

/// SipHash-2-4 with a 128-bit result (Aumasson and Bernstein), keyed: who does not know the key cannot make collisions.
typedef struct { uint64_t low, high; } martlet_hash128;
martlet_hash128 martlet_siphash128(uint64_t key0, uint64_t key1, const void *bytes, size_t count);
