#ifndef HEADWATER_CLD2_FACE_H
#define HEADWATER_CLD2_FACE_H

#ifdef __cplusplus
extern "C" {
#endif

/// Which language a plain UTF-8 text is in, by Compact Language Detector 2.
///
/// Returns the language's code (ISO 639-1 where there is one), a string that is never freed, or "un" for unknown.
/// `reliable` is set to 1 if the detector trusts its answer, `percent` to the share of the text in that language.
const char *cld2_face_detect(const char *text, int length, int *reliable, int *percent);

/// The version of the detector and of its tables.
const char *cld2_face_version(void);

#ifdef __cplusplus
}
#endif
#endif
