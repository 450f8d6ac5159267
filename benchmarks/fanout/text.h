// The texts of the load: a letter, eight digits, a space, and padding that is the same for all.

#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_HEAD = 10, TEXT_SHORTEST = 16, TEXT_LONGEST = 8192 };

/** Letters in words of seven, without an end that a server might trim. */
static inline const char *text_padding(void) {
  static char padding[TEXT_LONGEST + 1];
  for (size_t i = 0; padding[0] == 0 && i < TEXT_LONGEST; i++) {
    size_t at = TEXT_LONGEST - 1 - i;
    padding[at] = at % 8 == 7 ? ' ' : 'a' + at % 8;
  }
  return padding;
}

/** Writes `bytes` bytes; `kind` is 'm' for a message, 'p' for a probe. */
static inline void text_write(char *to, char kind, uint32_t number, size_t bytes) {
  char head[TEXT_HEAD + 1];
  snprintf(head, sizeof head, "%c%08u ", kind, number % 100000000u);
  memcpy(to, head, TEXT_HEAD);
  memcpy(to + TEXT_HEAD, text_padding(), bytes - TEXT_HEAD);
  to[bytes - 1] = '.';
}

static inline bool text_is(const char *text, size_t bytes) {
  return (*text == 'm' || *text == 'p') && text[bytes - 1] == '.' &&
         memcmp(text + TEXT_HEAD, text_padding(), bytes - TEXT_HEAD - 1) == 0;
}

/** The number in a text: eight decimal digits, parsed in one step. */
static inline uint32_t text_number(const char *text) {
  uint64_t digits;
  memcpy(&digits, text + 1, 8);
  digits = (digits & 0x0F0F0F0F0F0F0F0Fu) * 2561 >> 8;
  digits = (digits & 0x00FF00FF00FF00FFu) * 6553601 >> 16;
  return (digits & 0x0000FFFF0000FFFFu) * 42949672960001u >> 32;
}

#endif
