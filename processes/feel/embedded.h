// Texts as nodes of a larger tree, for a host with its own kinds of nodes (processes/dmn).
//
// One Evaluation, and so one budget, serves the whole tree: an embedded text evaluates in a frame of its own on top of
// the host's locals, and finds outside names in run.variables, which the host sets.
//
//   NodePtr cell = embed({.source = source, .options = options, .names = &names, .unary_tests = true});
#pragma once

#include <functional>
#include <set>

#include "processes/feel/names.h"
#include "processes/feel/node.h"
#include "processes/feel/source.h"
#include "processes/feel/types.h"

namespace fermata::feel {

/// Names that many texts share, so that they are read once. Must outlive the parsing only.
struct KnownNames {
  NameSet names;
  const NameSet* members = nullptr;  ///< after a dot, and within filters
};

/// What is worth a word about a text though it is valid; the first of each kind.
struct Remarks {
  static constexpr std::size_t each_max = 20;

  struct Name {
    std::uint32_t offset;
    std::string name;
  };
  struct Mismatch {
    std::uint32_t offset;  ///< of the comparison
    Type::Kind left;
    Type::Kind right;
  };
  /// What the values of an outside name are, null aside; `any` when that is not certain. May be empty.
  std::function<Type::Kind(const std::string&)> kind_of_name;

  std::vector<Name> unknown_names;   ///< that are neither known nor built in, each once; in filters they may be members
  std::vector<Mismatch> mismatches;  ///< comparisons of what can never be compared
};

struct EmbedRequest {
  SourcePtr source;  ///< with the text
  const CompileOptions& options;
  const KnownNames* names = nullptr;  ///< in addition to those of the options
  bool unary_tests = false;
  std::set<std::string>* variables = nullptr;  ///< gets the outside names that the text reads
  Remarks* remarks = nullptr;                  ///< gets what is found in the text
};

/// Throws ParseError.
[[nodiscard]] NodePtr embed(const EmbedRequest& request);

/// The texts of the single tests in `"a", < 5, [1..2]`: split at the commas that stand outside of brackets and strings.
/// Throws ParseError where the text has no tokens.
[[nodiscard]] std::vector<std::string> split_tests(std::string_view text);

/// Slots on top of those in use, given back when it goes; the current source, put back when it goes.
class EmbeddedFrame {
 public:
  EmbeddedFrame(Evaluation& run, std::size_t slots, const Source* source)
      : run_(run), base_(run.base), size_(run.locals.size()), source_(run.source) {
    run.base = size_;
    run.locals.resize(size_ + slots);
    run.source = source;
  }
  ~EmbeddedFrame() {
    run_.locals.resize(size_);
    run_.base = base_;
    run_.source = source_;
  }
  EmbeddedFrame(const EmbeddedFrame&) = delete;
  EmbeddedFrame& operator=(const EmbeddedFrame&) = delete;

 private:
  Evaluation& run_;
  std::size_t base_;
  std::size_t size_;
  const Source* source_;
};

}  // namespace fermata::feel
