// Names for the streams of a run, none of which is given twice: those of a source whose name was
// there before have a number behind it.
//
//   StreamNames names;
//   names.next("gate");    // "gate"
//   names.next("gate");    // "gate_2"
//
// Remembers a number for each name, however often it comes. One thread at a time.
#pragma once

#include <map>
#include <string>

namespace weir {

class StreamNames {
 public:
  std::string next(const std::string& source);

 private:
  // Whether another source's streams have it: it is called so, or the number at its end is one of
  // those.
  bool is_of_another(const std::string& name, const std::string& source) const;

  std::map<std::string, int> last_;  // the number that each had last; some below it may be free
};

}  // namespace weir
