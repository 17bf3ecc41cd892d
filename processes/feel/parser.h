// Parser: FEEL text to a tree of nodes, by recursive descent with one function per level of precedence.
//
// Names may contain spaces and operators, so a name ends where the longest name known in the scope ends (names.h);
// variables of the expression become slots at once. Throws ParseError; compile() catches it.
#pragma once

#include <set>
#include <unordered_map>
#include <unordered_set>

#include "processes/feel/embedded.h"
#include "processes/feel/feel.h"
#include "processes/feel/names.h"
#include "processes/feel/nodes.h"
#include "processes/feel/scanner.h"

namespace fermata::feel {

class Parser {
 public:
  /// `shared` adds to the names of the options; functions note that they stand in `source`; `remarks` gets what is
  /// worth a word.
  Parser(std::string_view text, const CompileOptions& options, const KnownNames* shared = nullptr,
         SourcePtr source = nullptr, Remarks* remarks = nullptr);

  [[nodiscard]] NodePtr parse_whole_expression();
  [[nodiscard]] NodePtr parse_whole_unary_tests();
  [[nodiscard]] Type parse_whole_type();

  [[nodiscard]] std::size_t frame_size() const { return frame_max_; }
  [[nodiscard]] std::vector<std::string> take_variables() { return std::move(variables_); }

 private:
  friend class Nesting;

  // parser.cpp: levels of precedence, lowest first
  NodePtr parse_expression();
  NodePtr parse_logic(bool is_and);
  NodePtr parse_comparison();
  NodePtr parse_additive();
  NodePtr parse_multiplicative();
  NodePtr parse_power();
  NodePtr parse_unary();
  NodePtr parse_postfix();
  NodePtr parse_in(std::uint32_t at, NodePtr value);
  NodePtr parse_test_of_in();
  NodePtr parse_filter(NodePtr list);
  NodePtr parse_path(NodePtr object);
  std::vector<NodePtr> parse_tests();
  bool comparator(Comparator& op) const;

  // parser_primary.cpp
  NodePtr parse_primary();
  NodePtr parse_number();
  NodePtr parse_at_literal();
  NodePtr parse_parenthesis();
  NodePtr parse_bracket();
  NodePtr parse_range_end(std::uint32_t at, NodePtr start, bool start_included);
  NodePtr parse_context();
  NodePtr parse_if();
  NodePtr parse_for();
  NodePtr parse_quantified();
  NodePtr parse_function();
  std::vector<Iterator> parse_iterators(std::string_view closing_word);

  // parser_names.cpp
  NodePtr parse_name();
  NodePtr name_node(std::uint32_t at, const std::string& name);
  NodePtr parse_call(NodePtr function);
  NodePtr parse_builtin_call(std::uint32_t at, const Builtin& builtin);
  void parse_arguments(std::vector<std::string>& names, std::vector<NodePtr>& arguments);
  Type parse_type();
  Type parse_defined_type(const std::string& name);
  std::string parse_new_name(const char* what, std::string_view closing_word);

  // Tokens
  void advance() { move_to(token_.end); }
  void move_to(std::size_t position);
  bool accept(std::string_view symbol);
  void expect(std::string_view symbol, const char* where);
  [[nodiscard]] bool at_word(std::string_view word) const {
    return token_.kind == TokenKind::word && token_.text == word;
  }
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(token_.begin); }
  [[noreturn]] void fail_here(const std::string& message) const;
  [[nodiscard]] std::string found() const;

  // Scopes
  struct Binding {
    std::string canonical;
    Slot slot;
    bool is_item;  ///< the item of a filter, whose members are names too
  };
  Slot new_slot();
  void bind(const std::string& name, Slot slot);
  void bind_item(Slot slot);
  void unbind_to(std::size_t count);
  [[nodiscard]] bool in_filter() const { return !items_.empty(); }
  [[nodiscard]] bool is_bound(const std::string& canonical) const { return by_name_.contains(canonical); }
  void note_variable(const std::string& name);
  void remark_unknown(std::uint32_t at, const std::string& name);
  void remark_mismatch(std::uint32_t at, const Node& left, const Node& right);
  [[nodiscard]] Type::Kind certain_kind(const Node& node) const;
  [[nodiscard]] const std::string* find_known_name(const std::string& canonical) const;
  [[nodiscard]] const std::string* find_known_member(const std::string& canonical) const;
  [[nodiscard]] std::size_t longest_known_name() const;
  [[nodiscard]] std::size_t longest_known_member() const;

  template <class T, class... Args>
  NodePtr make(Args&&... args) {
    auto node = std::make_unique<T>(std::forward<Args>(args)...);
    if (node->depth > options_.limits.tree_depth_max) too_deep(node->offset);
    return node;
  }
  [[noreturn]] void too_deep(std::size_t offset) const;

  std::string_view text_;
  const CompileOptions& options_;
  Scanner scanner_;
  Token token_;
  std::size_t nesting_ = 0;
  const KnownNames* shared_;
  SourcePtr source_;
  Remarks* remarks_;
  NameSet known_names_;
  NameSet known_members_;
  std::vector<Binding> bindings_;                                      ///< innermost last
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;  ///< canonical name to places in bindings_
  std::vector<std::size_t> items_;                                     ///< places of the filters' items in bindings_
  std::size_t longest_bound_ = 0;
  std::size_t next_slot_ = 0;
  std::size_t frame_max_ = 0;
  std::vector<std::string> variables_;
  std::unordered_set<std::string> seen_variables_;
  bool in_range_end_ = false;    ///< "[" may close a range instead of opening a filter
  bool implicit_input_ = false;  ///< at the top of a unary test, where "> 5" speaks of the input
  int self_slot_ = -1;           ///< of the context entry whose value is being read
  struct Partial {
    Slot slot;
    bool* used;
  };
  struct OpenFunction {
    std::set<std::string> globals;
  };
  std::vector<OpenFunction> functions_;  ///< whose code is being read, outermost first
  std::vector<Partial> partials_;        ///< of the for expressions around
};

/// Guards one level of nesting for the time it lives, and switches off what holds only at the top of an expression.
class Nesting {
 public:
  explicit Nesting(Parser& parser);
  ~Nesting();
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  Parser& parser_;
  std::size_t bindings_;
  std::size_t next_slot_;
  bool in_range_end_;
  bool implicit_input_;
};

}  // namespace fermata::feel
