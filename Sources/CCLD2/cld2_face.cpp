#include "cld2_face.h"

#include <cstdio>

#include <cld2/public/compact_lang_det.h>

extern "C" const char *cld2_face_detect(const char *text, int length, int *reliable, int *percent) {
    CLD2::Language languages[3];
    int percents[3];
    int text_bytes;
    bool is_reliable;
    CLD2::Language language =
        CLD2::DetectLanguageSummary(text, length, true, languages, percents, &text_bytes, &is_reliable);
    *reliable = is_reliable ? 1 : 0;
    *percent = percents[0];
    return CLD2::LanguageCode(language);
}

extern "C" const char *cld2_face_version(void) {
    return CLD2::DetectLanguageVersion();
}
