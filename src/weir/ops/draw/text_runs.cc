#include "weir/ops/draw/text_runs.h"

#include <fribidi/fribidi.h>
#include <hb.h>

#include <algorithm>
#include <utility>

namespace weir {
namespace {

// Blocks whose characters stand by themselves; marks that are put on others are left out of them.
constexpr std::pair<char32_t, char32_t> kPlain[] = {
    {0x0000, 0x02FF},    // Latin and its signs
    {0x0370, 0x0482},    // Greek, Cyrillic
    {0x048A, 0x058F},    // Cyrillic, Armenian
    {0x10A0, 0x10FF},    // Georgian
    {0x1E00, 0x20CF},    // Latin and Greek with accents, punctuation, money
    {0x2100, 0x2CFF},    // signs, arrows, frames
    {0x2E80, 0x3029},    // Chinese, Japanese
    {0x3030, 0x3098},    //
    {0x309B, 0xA4CF},    //
    {0xAC00, 0xD7A3},    // Korean, written in syllables
    {0xF900, 0xFAFF},    // Chinese
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    //
    {0xFF00, 0xFFFF},    // wide letters
    {0x1F000, 0x1F3FA},  // pictures
    {0x1F400, 0x1FAFF},  //
    {0x20000, 0x3FFFF},  // Chinese
};

// Marks that nobody sees, but that turn what follows.
bool turns(char32_t c) {
  return c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_plain(char32_t c) {
  return !turns(c) && std::any_of(std::begin(kPlain), std::end(kPlain), [c](const auto& range) {
    return c >= range.first && c <= range.second;
  });
}

std::vector<FriBidiLevel> levels_of(const std::vector<char32_t>& characters) {
  const auto count = static_cast<FriBidiStrIndex>(characters.size());
  const std::vector<FriBidiChar> text(characters.begin(), characters.end());
  std::vector<FriBidiCharType> types(text.size());
  std::vector<FriBidiBracketType> brackets(text.size());
  fribidi_get_bidi_types(text.data(), count, types.data());
  fribidi_get_bracket_types(text.data(), count, types.data(), brackets.data());
  std::vector<FriBidiLevel> levels(text.size(), 0);
  FriBidiParType direction = FRIBIDI_PAR_ON;  // as the first letter says
  if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), count, &direction,
                                          levels.data()) == 0) {
    levels.assign(text.size(), 0);  // for lack of memory: all from left to right
  }
  return levels;
}

bool is_of_any_script(hb_script_t script) {
  return script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED || script == HB_SCRIPT_UNKNOWN;
}

// Spaces, digits and marks are of the script that they follow, at the beginning of the next one.
std::vector<hb_script_t> scripts_of(const std::vector<char32_t>& characters) {
  hb_unicode_funcs_t* const unicode = hb_unicode_funcs_get_default();
  std::vector<hb_script_t> scripts;
  for (const char32_t c : characters) {
    const hb_script_t script = hb_unicode_script(unicode, c);
    scripts.push_back(is_of_any_script(script) && !scripts.empty() ? scripts.back() : script);
  }
  for (std::size_t i = scripts.size(); i-- > 1;) {
    if (is_of_any_script(scripts[i - 1])) scripts[i - 1] = scripts[i];
  }
  return scripts;
}

// From the deepest level to the first that runs from right to left, each stretch of that level and
// above is turned round.
void put_in_visual_order(std::vector<std::pair<TextRun, int>>& runs) {
  int deepest = 0;
  for (const auto& run : runs) deepest = std::max(deepest, run.second);
  for (int level = deepest; level > 0; --level) {
    for (auto from = runs.begin(); from != runs.end();) {
      from = std::find_if(from, runs.end(), [=](const auto& run) { return run.second >= level; });
      const auto to =
          std::find_if(from, runs.end(), [=](const auto& run) { return run.second < level; });
      std::reverse(from, to);
      from = to;
    }
  }
}

}  // namespace

bool needs_shaping(const std::vector<char32_t>& characters) {
  return !std::all_of(characters.begin(), characters.end(), is_plain);
}

std::vector<TextRun> visual_runs(const std::vector<char32_t>& characters) {
  const std::vector<FriBidiLevel> levels = levels_of(characters);
  const std::vector<hb_script_t> scripts = scripts_of(characters);
  std::vector<std::pair<TextRun, int>> runs;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    if (i > 0 && levels[i] == levels[i - 1] && scripts[i] == scripts[i - 1]) {
      runs.back().first.end = i + 1;
    } else {
      runs.push_back({{i, i + 1, levels[i] % 2 != 0, scripts[i]}, levels[i]});
    }
  }
  put_in_visual_order(runs);
  std::vector<TextRun> ordered;
  for (const auto& run : runs) ordered.push_back(run.first);
  return ordered;
}

}  // namespace weir
