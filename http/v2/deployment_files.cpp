#include "http/v2/deployment_files.h"

#include <map>
#include <set>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "http/auth/crypto.h"
#include "http/server/headers.h"

namespace fermata::http::v2 {
namespace {

bpmn::Problem file_problem(std::string rule, std::string message) {
  bpmn::Problem problem;
  problem.rule = std::move(rule);
  problem.message = std::move(message);
  return problem;
}

std::string hex_digest(std::string_view bytes) { return to_hex(sha256(bytes)); }

bool is_bpmn(const std::string& lower_name) { return lower_name.ends_with(".bpmn") || lower_name.ends_with(".xml"); }

// Answers the reason why a form is refused, or "".
std::string read_form(const UploadedFile& file, DeployResource& resource) {
  const Result<Value> form = parse_json(file.content);
  if (!form) return "The form is not valid JSON: " + form.error().message;
  const Value* id = form->find("id");
  if (id == nullptr || !id->is_string() || id->as_string().empty()) {
    return "The form has no \"id\": user tasks refer to a form by it. Save it in a form editor.";
  }
  resource.kind = "form";
  resource.form_id = std::string(id->as_string());
  return {};
}

void add_file(const Compilers& compilers, const UploadedFile& file, CompiledDeployment& into) {
  DeployResource resource;
  resource.name = file.name;
  resource.content = std::string(file.content);
  resource.checksum = hex_digest(file.content);
  const std::string name = to_lower_ascii(file.name);
  if (file.content.size() > limits::resource_bytes_max) {
    into.problems.push_back({file.name, file_problem("FILE-0001", "The file is larger than 8 MiB.")});
  } else if (is_bpmn(name)) {
    resource.kind = "bpmn";
    CompiledFile compiled = compilers.processes(file.name, file.content);
    for (bpmn::Problem& problem : compiled.problems) into.problems.push_back({file.name, std::move(problem)});
    resource.processes = std::move(compiled.processes);
  } else if (name.ends_with(".dmn")) {
    resource.kind = "dmn";  // compiled later, with the others of its kind
  } else if (name.ends_with(".form")) {
    if (std::string reason = read_form(file, resource); !reason.empty()) {
      into.problems.push_back({file.name, file_problem("FILE-0002", std::move(reason))});
    }
  } else {
    into.problems.push_back({file.name, file_problem("FILE-0003", "Files of this kind cannot be deployed. Known are *.bpmn, *.xml (BPMN), "
                                                                  "*.dmn and *.form.")});
  }
  into.resources.push_back(std::move(resource));
}

// A file that imports others has changed when one of those has.
std::string checksum_of_all(const std::vector<UploadedFile>& files, std::size_t own) {
  std::string all = hex_digest(files[own].content);
  for (const UploadedFile& file : files) all += hex_digest(file.content);
  return hex_digest(all);
}

void add_decisions(const Compilers& compilers, const std::vector<UploadedFile>& files, CompiledDeployment& into) {
  std::vector<UploadedFile> decision_files;
  std::vector<DeployResource*> resources;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (into.resources[i].kind != "dmn") continue;
    decision_files.push_back(files[i]);
    resources.push_back(&into.resources[i]);
  }
  if (decision_files.empty()) return;
  std::vector<CompiledDecisions> compiled = compilers.decisions(decision_files);
  for (std::size_t i = 0; i < compiled.size(); ++i) {
    for (bpmn::Problem& problem : compiled[i].problems) into.problems.push_back({decision_files[i].name, std::move(problem)});
    resources[i]->decisions = std::move(compiled[i].decisions);
    if (resources[i]->decisions && resources[i]->decisions->imports) resources[i]->checksum = checksum_of_all(decision_files, i);
  }
}

// The same process, form, decision or requirements graph twice in one deployment would make its version a matter of chance.
void refuse_duplicates(CompiledDeployment& deployment) {
  std::set<std::string> names;
  std::map<std::string, std::string> files_by_id[4];
  const auto note = [&](std::map<std::string, std::string>& files, std::string_view what, const std::string& id, const std::string& file) {
    const auto [first, added] = files.emplace(id, file);
    if (added) return;
    deployment.problems.push_back(
        {file, file_problem("FILE-0005", "The " + std::string(what) + " '" + id + "' is also in " + first->second + ".")});
  };
  for (const DeployResource& resource : deployment.resources) {
    if (!names.insert(resource.name).second) {
      deployment.problems.push_back({resource.name, file_problem("FILE-0004", "The deployment has two files of this name.")});
    }
    for (const DeployResource::Process& process : resource.processes) note(files_by_id[0], "process", process.process_id, resource.name);
    if (!resource.form_id.empty()) note(files_by_id[1], "form", resource.form_id, resource.name);
    if (!resource.decisions) continue;
    note(files_by_id[3], "decision requirements graph", resource.decisions->requirements_id, resource.name);
    for (const DeployResource::Decisions::Decision& decision : resource.decisions->all) note(files_by_id[2], "decision", decision.id, resource.name);
  }
}

}  // namespace

CompiledDeployment compile_deployment(const Compilers& compilers, const std::vector<UploadedFile>& files) {
  CompiledDeployment deployment;
  if (files.size() > limits::resources_per_deployment_max) {
    deployment.problems.push_back(
        {files.front().name, file_problem("FILE-0006", "A deployment has at most 200 files; this one has " +
                                                           std::to_string(files.size()) + ".")});
    return deployment;
  }
  for (const UploadedFile& file : files) add_file(compilers, file, deployment);
  add_decisions(compilers, files, deployment);
  refuse_duplicates(deployment);
  return deployment;
}

}  // namespace fermata::http::v2
