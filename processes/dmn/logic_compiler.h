// LogicCompiler: the boxed expressions of one decision or knowledge model (10.2.1) to a tree of nodes.
//
// logic_compiler.cpp dispatches and compiles texts and functions, boxed_compilers.cpp the boxed expressions,
// table_compiler.cpp decision tables.
#pragma once

#include <functional>

#include "processes/dmn/boxed.h"
#include "processes/dmn/decision_table.h"
#include "processes/dmn/function_code.h"
#include "processes/dmn/lint/variables.h"
#include "processes/dmn/read_context.h"
#include "processes/feel/embedded.h"

namespace fermata::dmn {

class LogicCompiler {
 public:
  /// `names`: what the element sees; must live as long as this. `variables`: the same, for hints. `owner_id` is for the
  /// history of its tables.
  LogicCompiler(ReadContext& context, const feel::KnownNames& names, lint::Variables variables, std::string owner_id)
      : context_(context), names_(&names), seen_(std::move(variables)), owner_id_(std::move(owner_id)) {}

  /// Any expression. `expected`: the type of the variable that it is the value of, if any, for the priorities of a
  /// decision table.
  [[nodiscard]] feel::NodePtr compile(const XmlElement& expression, const ItemTypePtr& expected = nullptr);
  /// <encapsulatedLogic> or <functionDefinition>.
  [[nodiscard]] std::shared_ptr<FunctionCode> compile_function(const XmlElement& function, const std::string& name);
  /// The slots that all of it needs.
  [[nodiscard]] std::size_t frame() const { return frame_max_; }

  /// The expression within an element such as <decision>, <contextEntry> or <if>; nullptr when there is none.
  [[nodiscard]] static const XmlElement* expression_in(const XmlElement& element);
  [[nodiscard]] static Logic kind_of(const XmlElement* expression);

 private:
  using Method = feel::NodePtr (LogicCompiler::*)(const XmlElement&);
  struct Kind {
    std::string_view element;
    Logic logic;
    Method method;
  };
  static const Kind kinds[];
  static const Kind* find_kind(const XmlElement& element);

  feel::NodePtr literal(const XmlElement& expression);
  feel::NodePtr table(const XmlElement& expression);
  feel::NodePtr context(const XmlElement& expression);
  feel::NodePtr list(const XmlElement& expression);
  feel::NodePtr relation(const XmlElement& expression);
  feel::NodePtr function(const XmlElement& expression);
  feel::NodePtr invocation(const XmlElement& expression);
  feel::NodePtr conditional(const XmlElement& expression);
  feel::NodePtr filter(const XmlElement& expression);
  feel::NodePtr for_each(const XmlElement& expression);
  feel::NodePtr some(const XmlElement& expression) { return quantified(expression, false); }
  feel::NodePtr every(const XmlElement& expression) { return quantified(expression, true); }
  feel::NodePtr quantified(const XmlElement& expression, bool is_every);

  /// The FEEL text in the <text> of an element. Blank: null where `blank` is, otherwise the node that it makes.
  feel::NodePtr text(const XmlElement& holder, bool unary_tests);
  feel::NodePtr compile_source(const feel::SourcePtr& source, const XmlElement& at, bool unary_tests);
  /// The expression in the child of that name (<if>, <in> ...), or null with a problem.
  feel::NodePtr part(const XmlElement& expression, std::string_view name);
  feel::NodePtr in_or_null(const XmlElement& holder);
  feel::NodePtr null_node(const XmlElement& at, const std::string& why);
  feel::NodePtr typed(const XmlElement& at, feel::NodePtr node, std::string_view type_ref);
  [[nodiscard]] bool language_is_feel(const XmlElement& expression);
  feel::Slot new_slot() {
    frame_max_ = std::max<std::size_t>(frame_max_, next_slot_ + std::size_t{1});
    return next_slot_++;
  }

  // table_compiler.cpp
  TableParts::Input table_input(const XmlElement& input);
  TableParts::Output table_output(const XmlElement& output, const XmlElement& table, std::size_t outputs,
                                  bool by_priority);
  TableParts::Rule table_rule(const XmlElement& rule, const TableParts& parts);
  [[nodiscard]] std::string priorities_text(const XmlElement& output, const TableParts::Output& made,
                                            const XmlElement& table, std::size_t outputs);

  /// Names that are known while it lives.
  class Known {
   public:
    Known(LogicCompiler& compiler, std::vector<std::string> names);
    Known(LogicCompiler& compiler, std::vector<lint::Variable> variables);
    ~Known();
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;

   private:
    LogicCompiler& compiler_;
    std::size_t before_;
    std::size_t seen_before_;
  };

  ReadContext& context_;
  const feel::KnownNames* names_;
  lint::Variables seen_;  ///< by the text that is being compiled
  std::string owner_id_;
  ItemTypePtr expected_;
  std::string function_name_;  ///< of the context entry whose value is being compiled
  feel::Slot next_slot_ = 0;
  std::size_t frame_max_ = 0;
  std::set<std::string>* variables_ = nullptr;  ///< what the function reads whose body is being compiled
};

}  // namespace fermata::dmn
