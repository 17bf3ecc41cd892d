// read() and read_together(): bytes to models.
#include <algorithm>

#include "processes/dmn/read_context.h"
#include "processes/xml/unicode.h"

namespace fermata::dmn {
namespace {

void list_for_readers(ModelData& model) {
  for (const InputData& input : model.inputs) model.input_infos.push_back(input.info);
  for (const Decision& decision : model.decisions) model.decision_infos.push_back(decision.info);
  for (const Service& service : model.services) model.service_infos.push_back(service.info);
}

ReadResult read_tree(std::string_view resource_name, const XmlElement& root, const ReadOptions& options) {
  Problems problems;
  if (!is(root, "definitions")) {
    problems.add(rules::not_dmn, root,
                 "the root is <" + root.name + ">" + (root.uri.empty() ? "" : " in the namespace '" + root.uri + "'"));
    return {nullptr, problems.take()};
  }
  const auto model = std::make_shared<ModelData>();
  model->resource = resource_name;
  model->id = root.get("id");
  model->name = root.get("name");
  model->name_space = xml::trimmed(root.get("namespace"));
  model->limits = options.limits;
  ReadContext context{root, *model, problems, options, {}, options.limits.lint_steps_max};
  context.feel.limits = options.limits.feel;
  read_imports(context);
  collect_members(context);
  if (read_items(context)) read_elements(context);
  if (problems.has_error()) return {nullptr, problems.take()};
  list_for_readers(*model);
  return {make_model(model), problems.take()};
}

std::vector<std::string> imports_of(const XmlElement& root) {
  std::vector<std::string> namespaces;
  for (const XmlElement* import : children(root, "import"))
    namespaces.emplace_back(xml::trimmed(import->get("namespace")));
  return namespaces;
}

struct Parsed {
  xml::XmlRead xml;
  std::string name_space;
  std::vector<std::string> imports;
  enum class State : std::uint8_t { unread, open, read } state = State::unread;
};

// Reads each file after those that it imports.
class TogetherReader {
 public:
  TogetherReader(std::span<const Resource> resources, const ReadOptions& options)
      : resources_(resources), options_(options), parsed_(resources.size()), results_(resources.size()) {}

  std::vector<ReadResult> read() {
    for (std::size_t i = 0; i < resources_.size(); ++i) parse(i);
    for (std::size_t i = 0; i < resources_.size(); ++i) visit(i, 0);
    return std::move(results_);
  }

 private:
  void parse(std::size_t index) {
    Parsed& parsed = parsed_[index];
    parsed.xml = xml::read_xml(resources_[index].bytes, file_rules);
    if (parsed.xml.tree == nullptr) {
      results_[index].problems.push_back(*parsed.xml.problem);
      parsed.state = Parsed::State::read;
      return;
    }
    const XmlElement& root = parsed.xml.tree->root();
    parsed.name_space = xml::trimmed(root.get("namespace"));
    parsed.imports = imports_of(root);
  }

  // Recursion is bounded by the number of models that import each other in a row.
  void visit(std::size_t index, std::size_t depth) {
    Parsed& parsed = parsed_[index];
    if (parsed.state == Parsed::State::read) return;
    parsed.state = Parsed::State::open;
    bool circle = depth > options_.limits.import_depth_max;
    for (const std::string& wanted : parsed.imports) {
      for (std::size_t other = 0; other < parsed_.size(); ++other) {
        if (other == index || parsed_[other].name_space != wanted) continue;
        if (parsed_[other].state == Parsed::State::open) circle = true;
        if (parsed_[other].state == Parsed::State::unread && !circle) visit(other, depth + 1);
      }
    }
    parsed.state = Parsed::State::read;
    const XmlElement& root = parsed.xml.tree->root();
    if (circle) {
      Problems problems;
      problems.add(rules::import_cycle, root,
                   "the model '" + std::string(root.get("name")) + "' imports one that imports it");
      results_[index].problems = problems.take();
      return;
    }
    ReadOptions options = options_;
    options.imports.insert(options.imports.begin(), models_.begin(), models_.end());
    results_[index] = read_tree(resources_[index].name, root, options);
    if (results_[index].model != nullptr) models_.push_back(results_[index].model);
  }

  std::span<const Resource> resources_;
  const ReadOptions& options_;
  std::vector<Parsed> parsed_;
  std::vector<ReadResult> results_;
  std::vector<ModelPtr> models_;
};

}  // namespace

ReadResult read(std::string_view resource_name, std::string_view bytes, const ReadOptions& options) {
  xml::XmlRead file = xml::read_xml(bytes, file_rules);
  if (file.tree == nullptr) return {nullptr, {std::move(*file.problem)}};
  return read_tree(resource_name, file.tree->root(), options);
}

std::vector<ReadResult> read_together(std::span<const Resource> resources, const ReadOptions& options) {
  return TogetherReader(resources, options).read();
}

std::vector<std::string> imported_namespaces(std::string_view bytes) {
  const xml::XmlRead file = xml::read_xml(bytes, file_rules);
  return file.tree == nullptr ? std::vector<std::string>{} : imports_of(file.tree->root());
}

std::string format_problem(std::string_view resource_name, const Problem& problem) {
  return std::string(resource_name) + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
         std::string(xml::severity_name(problem.severity)) + " " + problem.rule +
         (problem.element_id.empty() ? "" : " (" + problem.element_id + ")") + ": " + problem.message;
}

}  // namespace fermata::dmn
