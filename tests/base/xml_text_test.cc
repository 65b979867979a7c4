#include "weir/base/xml_text.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(EscapeXml, ReplacesWhatIsNotText) {
  struct Row {
    const char* text;
    const char* escaped;
  };
  const Row rows[] = {
      {"", ""},
      {"plain\n\ttext", "plain\n\ttext"},
      {"ä & 'b'", "ä &amp; &#39;b&#39;"},
      {"<a href=\"b\">", "&lt;a href=&quot;b&quot;&gt;"},
      {"a\x01\x7f\xff", "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xE0\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // too long for its number
  };
  for (const Row& row : rows) EXPECT_EQ(escape_xml(row.text), row.escaped) << row.text;
}

}  // namespace
}  // namespace weir
