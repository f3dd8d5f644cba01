#ifndef HEADWATER_NAMES_H
#define HEADWATER_NAMES_H

#include <stdint.h>

/// How many hashes the table of names has.
extern const uint32_t headwater_name_count;

/// Hashes of names, in rising order: each as its distance from the one before it, times 256, plus the classes.
const uint32_t *headwater_names(void);

/// How many signals the tagger of names has weights for.
extern const uint32_t headwater_signal_count;

/// Those signals.
const uint32_t *headwater_signals(void);

/// For each of them how many weights it has: one to nine.
const uint8_t *headwater_signal_weights(void);

/// The weights of all signals, one signal after the other: each times 16, plus the tag.
const int32_t *headwater_weights(void);

/// What it weighs that one tag follows another, by the tag before and the tag: nine times nine.
const int32_t *headwater_transitions(void);

#endif
