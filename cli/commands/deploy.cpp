// fermata deploy: files and directories to POST /v2/deployments; problems as file:line: element: rule: message.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/client/output.h"
#include "cli/commands/client_commands.h"

namespace fermata::cli {
namespace {

namespace fs = std::filesystem;

bool deployable(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".bpmn" || extension == ".dmn" || extension == ".form";
}

Result<std::vector<fs::path>> expand(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.emplace_back(path);
      continue;
    }
    std::vector<fs::path> found;
    for (auto entry = fs::recursive_directory_iterator(path, error); !error && entry != fs::recursive_directory_iterator();
         entry.increment(error)) {
      if (entry->is_regular_file() && deployable(entry->path())) found.push_back(entry->path());
    }
    if (error) return fail(ErrorCode::not_found, "Cannot read the directory '" + path + "': " + error.message() + ".");
    if (found.empty()) return fail(ErrorCode::not_found, "There is no .bpmn, .dmn or .form file in '" + path + "'.");
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

void print_deployed(const Value& answer) {
  const Value* items = answer.find("deployments");
  if (items == nullptr || !items->is_list()) return;
  for (const Value& item : items->as_list()) {
    if (const Value* process = item.find("processDefinition"); process != nullptr && !process->is_null()) {
      std::cout << "process " << cell_text(*process, "processDefinitionId") << " version "
                << cell_text(*process, "processDefinitionVersion") << " (key " << cell_text(*process, "processDefinitionKey")
                << ") from " << cell_text(*process, "resourceName") << '\n';
    }
    if (const Value* decision = item.find("decisionDefinition"); decision != nullptr && !decision->is_null()) {
      std::cout << "decision " << cell_text(*decision, "decisionDefinitionId") << " version " << cell_text(*decision, "version") << " (key "
                << cell_text(*decision, "decisionDefinitionKey") << ")\n";
    }
    if (const Value* form = item.find("form"); form != nullptr && !form->is_null()) {
      std::cout << "form " << cell_text(*form, "formId") << " version " << cell_text(*form, "version") << " (key "
                << cell_text(*form, "formKey") << ") from " << cell_text(*form, "resourceName") << '\n';
    }
  }
  const Value* warnings = answer.find("warnings");
  if (warnings == nullptr || !warnings->is_list()) return;
  for (const Value& warning : warnings->as_list()) {
    if (warning.is_string()) std::cerr << "warning: " << warning.as_string() << '\n';
  }
}

}  // namespace

Exit deploy(ClientSession& session, const DeployOptions& options) {
  const Result<std::vector<fs::path>> paths = expand(options.paths);
  if (!paths) {
    complain(paths.error().message);
    return Exit::usage;
  }
  std::vector<UploadFile> files;
  for (const fs::path& path : *paths) {
    Result<std::string> content = read_file(path.string());
    if (!content) {
      complain(content.error().message);
      return Exit::usage;
    }
    files.push_back({path.filename().string(), std::move(*content)});
  }
  return session.show(session.upload("/v2/deployments", files), print_deployed);
}

}  // namespace fermata::cli
