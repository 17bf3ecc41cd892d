// A scenario: a text file of commands and expectations that every world must play alike. One line, one step.
//
//   deploy   model.bpmn
//   start    p1 process=order key=A-7 { "total": 7 }
//   expect   p1 active: approve, pay
//   complete p1 approve { "ok": true }
//   advance  PT1H
//   expect   p1 completed
//
// README.md beside the scenarios lists every step.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/value.h"

namespace fermata::scenarios {

struct Line {
  int number = 0;
  std::string text;                         ///< as it stands in the file
  std::string verb;                         ///< "start"
  std::vector<std::string> words;           ///< plain words after the verb, without name=value pairs
  std::map<std::string, std::string> named; ///< process=order
  Variables variables;                      ///< of the trailing { ... }
  bool must_be_refused = false;             ///< the line begins with "reject"
};

struct Scenario {
  std::string name;
  std::string folder;
  std::vector<Line> lines;
};

/// invalid_argument with file and line when a line cannot be read.
[[nodiscard]] Result<Scenario> read_scenario(const std::string& path);

}  // namespace fermata::scenarios
