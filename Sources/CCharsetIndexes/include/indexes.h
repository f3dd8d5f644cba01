#ifndef HEADWATER_CHARSET_INDEXES_H
#define HEADWATER_CHARSET_INDEXES_H

#include <stdint.h>
#include <uchar.h>

// The indexes of WHATWG Encoding, section 5: the character behind a pointer, 0 where there is none.
uint32_t headwater_jis0208_at(long pointer);
uint32_t headwater_jis0212_at(long pointer);
uint32_t headwater_euc_kr_at(long pointer);
uint32_t headwater_gb18030_at(long pointer);
uint32_t headwater_big5_at(long pointer);

/// The character behind a pointer of four bytes (WHATWG Encoding, section 5, "index gb18030 ranges code point").
uint32_t headwater_gb18030_ranged(long pointer);

#endif
