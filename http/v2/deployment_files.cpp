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

void add_file(const FileCompiler& compile, const UploadedFile& file, CompiledDeployment& into) {
  DeployResource resource;
  resource.name = file.name;
  resource.content = std::string(file.content);
  resource.checksum = to_hex(sha256(file.content));
  const std::string name = to_lower_ascii(file.name);
  if (file.content.size() > limits::resource_bytes_max) {
    into.problems.push_back({file.name, file_problem("FILE-0001", "The file is larger than 8 MiB.")});
  } else if (is_bpmn(name)) {
    resource.kind = "bpmn";
    CompiledFile compiled = compile(file.name, file.content);
    for (bpmn::Problem& problem : compiled.problems) into.problems.push_back({file.name, std::move(problem)});
    resource.processes = std::move(compiled.processes);
  } else if (name.ends_with(".form")) {
    if (std::string reason = read_form(file, resource); !reason.empty()) {
      into.problems.push_back({file.name, file_problem("FILE-0002", std::move(reason))});
    }
  } else {
    into.problems.push_back(
        {file.name, file_problem("FILE-0003", "Files of this kind cannot be deployed. Known are *.bpmn, *.xml (BPMN) and *.form.")});
  }
  into.resources.push_back(std::move(resource));
}

// The same process or form twice in one deployment would make its version a matter of chance.
void refuse_duplicates(CompiledDeployment& deployment) {
  std::set<std::string> names;
  std::map<std::string, std::string> process_files;
  std::map<std::string, std::string> form_files;
  for (const DeployResource& resource : deployment.resources) {
    if (!names.insert(resource.name).second) {
      deployment.problems.push_back({resource.name, file_problem("FILE-0004", "The deployment has two files of this name.")});
    }
    for (const DeployResource::Process& process : resource.processes) {
      const auto [first, added] = process_files.emplace(process.process_id, resource.name);
      if (!added) {
        deployment.problems.push_back({resource.name, file_problem("FILE-0005", "The process '" + process.process_id +
                                                                                    "' is also in " + first->second + ".")});
      }
    }
    if (resource.form_id.empty()) continue;
    const auto [first, added] = form_files.emplace(resource.form_id, resource.name);
    if (!added) {
      deployment.problems.push_back(
          {resource.name, file_problem("FILE-0005", "The form '" + resource.form_id + "' is also in " + first->second + ".")});
    }
  }
}

}  // namespace

CompiledDeployment compile_deployment(const FileCompiler& compile, const std::vector<UploadedFile>& files) {
  CompiledDeployment deployment;
  if (files.size() > limits::resources_per_deployment_max) {
    deployment.problems.push_back(
        {files.front().name, file_problem("FILE-0006", "A deployment has at most 200 files; this one has " +
                                                           std::to_string(files.size()) + ".")});
    return deployment;
  }
  for (const UploadedFile& file : files) add_file(compile, file, deployment);
  refuse_duplicates(deployment);
  return deployment;
}

}  // namespace fermata::http::v2
