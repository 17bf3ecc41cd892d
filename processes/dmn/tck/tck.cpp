#include "processes/dmn/tck/tck.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "processes/dmn/dmn.h"
#include "processes/dmn/rules.h"
#include "processes/dmn/tck/expectation.h"

namespace fermata::dmn::tck {
namespace {

namespace fs = std::filesystem;
using xml::XmlElement;

// now() in every case: the kit compares it with itself only.
constexpr Timestamp now{1'790'000'000'000};

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::vector<fs::path> sorted_files(const fs::path& directory, bool recursive, std::string_view extension) {
  std::vector<fs::path> found;
  const auto add = [&](const fs::directory_entry& entry) {
    if (entry.is_regular_file() && entry.path().extension() == extension) found.push_back(entry.path());
  };
  if (recursive) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) add(entry);
  } else {
    for (const fs::directory_entry& entry : fs::directory_iterator(directory)) add(entry);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string level_of(const fs::path& path) {
  for (const fs::path& part : path) {
    if (part.string().starts_with("compliance-level-") || part == "non-compliant") return part.string();
  }
  return "other";
}

// The models beside a test, read together as they may import each other.
class Models {
 public:
  explicit Models(const fs::path& folder) {
    const std::vector<fs::path> files = sorted_files(folder, false, ".dmn");
    std::vector<std::string> names;
    std::vector<std::string> contents;
    for (const fs::path& file : files) {
      names.push_back(file.filename().string());
      contents.push_back(content_of(file));
    }
    std::vector<Resource> resources;
    for (std::size_t i = 0; i < files.size(); ++i) resources.push_back({names[i], contents[i]});
    ReadOptions options;
    options.tolerate_expression_errors = true;
    std::vector<ReadResult> read = read_together(resources, options);
    for (std::size_t i = 0; i < files.size(); ++i) {
      note_imports(contents[i]);
      by_name_.emplace(names[i], std::move(read[i]));
    }
  }

  [[nodiscard]] const ReadResult* find(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &found->second;
  }

  /// The names of the imports that lead from one namespace to another; empty when none do.
  [[nodiscard]] std::vector<std::string> path_between(const std::string& from, const std::string& to) const {
    constexpr std::size_t depth_max = 10;
    return path_between(from, to, depth_max);
  }

 private:
  void note_imports(const std::string& content) {
    const xml::XmlRead file = xml::read_xml(content, file_rules);
    if (file.tree == nullptr) return;
    const XmlElement& root = file.tree->root();
    for (const XmlElement* import : children(root, "import"))
      imports_[std::string(root.get("namespace"))].emplace_back(import->get("name"), import->get("namespace"));
  }

  [[nodiscard]] std::vector<std::string> path_between(const std::string& from, const std::string& to,
                                                      std::size_t depth) const {
    const auto found = imports_.find(from);
    if (found == imports_.end() || depth == 0) return {};
    for (const auto& [name, name_space] : found->second) {
      if (name_space == to) return {name};
    }
    for (const auto& [name, name_space] : found->second) {
      std::vector<std::string> rest = path_between(name_space, to, depth - 1);
      if (rest.empty()) continue;
      rest.insert(rest.begin(), name);
      return rest;
    }
    return {};
  }

  std::map<std::string, ReadResult> by_name_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> imports_;
};

// Puts a value at the end of a path of nested contexts.
Value with_value_at(const Value& around, std::span<const std::string> path, Value value) {
  if (path.empty()) return value;
  Value::Entries entries;
  if (around.is_context()) entries.assign(around.as_context().begin(), around.as_context().end());
  const Value* inner = around.find(path[0]);
  entries.push_back(
      {path[0], with_value_at(inner == nullptr ? Value::null() : *inner, path.subspan(1), std::move(value))});
  return Value::context(std::move(entries));
}

Value inputs_of(const XmlElement& test, const Models& models, const std::string& name_space) {
  Value inputs = Value::context({});
  for (const XmlElement* input : children(test, "inputNode")) {
    std::vector<std::string> path;
    if (input->has("namespace") && input->get("namespace") != name_space)
      path = models.path_between(name_space, std::string(input->get("namespace")));
    path.emplace_back(input->get("name"));
    inputs = with_value_at(inputs, path, read_value(*input));
  }
  return inputs;
}

class TestFile {
 public:
  TestFile(const XmlElement& root, const Models& models, const std::string& model_name)
      : untyped_(is_untyped(root)), models_(models), read_(models.find(model_name)), model_name_(model_name) {}

  void run_case(CaseResult& result, const XmlElement& test) const {
    const Model* model = read_ == nullptr ? nullptr : read_->model.get();
    const Value inputs = model == nullptr ? Value::null() : inputs_of(test, models_, model->name_space());
    for (const XmlElement* node : children(test, "resultNode")) {
      ++result.results;
      const XmlElement* expected_element = child(*node, "expected");
      const Value expected = expected_element == nullptr ? Value::null() : read_value(*expected_element);
      std::string why;
      Value actual;
      if (model != nullptr && evaluate(*model, test, *node, inputs, actual, why) &&
          agrees(expected, actual, untyped_)) {
        ++result.passed;
        continue;
      }
      if (model == nullptr) why = why_unread();
      result.misses.push_back(std::string(node->get("name")) + ": expected " + feel::to_feel_text(expected) + ", got " +
                              (model == nullptr ? "nothing" : feel::to_feel_text(actual)) +
                              (why.empty() ? "" : " (" + why + ")"));
    }
  }

 private:
  [[nodiscard]] std::string why_unread() const {
    if (read_ == nullptr) return "there is no model " + model_name_;
    for (const Problem& problem : read_->problems) {
      if (problem.severity == Severity::error) return format_problem(model_name_, problem);
    }
    return "the model was not read";
  }

  bool evaluate(const Model& model, const XmlElement& test, const XmlElement& node, const Value& inputs, Value& actual,
                std::string& why) const {
    const std::string name(node.get("name"));
    const std::string_view type = test.get("type");
    if (type == "bkm") {
      why = "cases that invoke a knowledge model directly are not run";
      return false;
    }
    const bool is_service = type == "decisionService";
    const EvaluateOptions options{.now = now, .temporal_from_text = false, .all_from_text = untyped_};
    const std::string_view invocable = test.get("invocableName");
    Result<Evaluation> made = is_service ? model.evaluate_decision_service(invocable, inputs, options)
                                         : model.evaluate_decision(name, inputs, options);
    if (!made) {
      why = made.error().message;
      return false;
    }
    for (const Warning& warning : made->warnings) {
      if (!why.empty()) why += "; ";
      why += std::to_string(warning.line) + ":" + std::to_string(warning.column) + " " + warning.message;
    }
    actual = made->value;
    if (is_service) actual = output_of(model, invocable, name, std::move(actual));
    return true;
  }

  // The value of a service with several outputs is a context of them.
  static Value output_of(const Model& model, std::string_view service, const std::string& output, Value value) {
    for (const ServiceInfo& info : model.services()) {
      if (info.name != service || info.output_decisions.size() < 2) continue;
      const Value* found = value.find(output);
      return found == nullptr ? Value::null() : *found;
    }
    return value;
  }

  const bool untyped_;
  const Models& models_;
  const ReadResult* read_;
  std::string model_name_;
};

}  // namespace

Total Report::total() const {
  Total sum;
  for (const auto& [level, each] : by_level) {
    sum.cases += each.cases;
    sum.cases_passed += each.cases_passed;
    sum.results += each.results;
    sum.results_passed += each.results_passed;
  }
  return sum;
}

Report run_directory(const fs::path& directory, const std::function<void(const CaseResult&)>& on_case) {
  Report report;
  fs::path folder;
  std::unique_ptr<Models> models;
  for (const fs::path& path : sorted_files(directory, true, ".xml")) {
    const xml::XmlRead file = xml::read_xml(content_of(path), file_rules);
    if (file.tree == nullptr) {
      report.unreadable.push_back(format_problem(path.string(), *file.problem));
      continue;
    }
    const XmlElement& root = file.tree->root();
    if (root.name != "testCases") continue;
    if (models == nullptr || folder != path.parent_path()) {
      folder = path.parent_path();
      models = std::make_unique<Models>(folder);
    }
    const XmlElement* model_name = child(root, "modelName");
    const TestFile test_file(root, *models, model_name == nullptr ? "" : std::string(model_name->trimmed_text()));
    for (const XmlElement* test : children(root, "testCase")) {
      CaseResult result;
      result.level = level_of(path);
      result.file = path.lexically_relative(directory).string();
      result.id = test->get("id");
      test_file.run_case(result, *test);
      Total& total = report.by_level[result.level];
      ++total.cases;
      total.cases_passed += result.ok() ? 1 : 0;
      total.results += result.results;
      total.results_passed += result.passed;
      on_case(result);
    }
  }
  return report;
}

}  // namespace fermata::dmn::tck
