// compile_together: the DMN files of one deployment in, models that the engine can ask out, or every reason why not.
//
// Floor 5. Deterministic and pure. Where `dmn.h` is for who wants to know all about an evaluation, this is the engine's view of it
// (engine/model/decision_model.h).
//
//   for (DeployedFile& file : dmn::compile_together(files)) ... file.model == nullptr: refused, file.problems says why
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/model/decision_model.h"
#include "processes/dmn/dmn.h"

namespace fermata::dmn {

struct DeployedFile {
  DecisionModelPtr model;  ///< null when a problem is an error
  std::string id;          ///< of <definitions>: the requirements graph; without one its name
  std::string name;
  bool imports = false;    ///< it needs others of the files
  std::vector<DecisionInfo> decisions;  ///< one without an id has its name in its place
  std::vector<Problem> problems;
};

/// One result for each file, in the order given. A file is refused when one that it imports is not among them.
[[nodiscard]] std::vector<DeployedFile> compile_together(std::span<const Resource> files, const ReadOptions& options = {});

/// "order.dmn:12:7: (level) ..."
[[nodiscard]] std::string format_warning(const Warning& warning);

}  // namespace fermata::dmn
