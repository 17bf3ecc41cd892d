#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <memory>

#include "cli/commands/client_commands.h"
#include "cli/commands/feel.h"
#include "cli/commands/lint.h"
#include "cli/commands/resources.h"
#include "cli/commands/token.h"
#include "cli/commands/webhook.h"
#include "cli/commands/conformance.h"
#include "cli/commands/decide.h"
#include "cli/serve/serve.h"
#include "cli/version.h"

namespace fermata::cli {
namespace {

constexpr const char* footer =
    "Environment: FERMATA_URL and FERMATA_TOKEN for the client commands, FERMATA_SECRET_NAME for secrets of 'serve'.\n"
    "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 server not reachable, 4 server failed.";
constexpr const char* variables_help = "Variables: a JSON object, @FILE, or @- for standard input";

/// Holds what the options write into, and what the chosen subcommand does.
class CommandLine {
 public:
  CommandLine() : app_("Fermata: a durable BPMN workflow engine.", "fermata") {
    app_.set_version_flag("-v,--version", "Fermata " + std::string(version));
    app_.require_subcommand(1);
    app_.footer(footer);
    app_.option_defaults()->always_capture_default();
    add_serve();
    add_models();
    add_expressions();
    add_running();
    add_looking();
    add_operating();
    add_messages();
    add_tokens();
    add_webhooks();
    add_decisions();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& asked) {  // --help, --version
      return app_.exit(asked);
    } catch (const CLI::ParseError& error) {
      app_.exit(error);
      return static_cast<int>(Exit::usage);
    }
    return static_cast<int>(action_());
  }

 private:
  using ClientAction = std::function<Exit(ClientSession&)>;

  CLI::App* command(const char* name, const char* help, std::function<Exit()> action) {
    CLI::App* sub = app_.add_subcommand(name, help);
    sub->callback([this, action = std::move(action)] { action_ = action; });
    return sub;
  }

  void add_client_options(CLI::App* sub) {
    sub->add_option("--url", client_.url, "Where the server is (else FERMATA_URL, else http://127.0.0.1:8080)");
    sub->add_option("--token", client_.token, "API token (else FERMATA_TOKEN, which does not show in the process list)");
    sub->add_option("--ca-file", client_.ca_file, "Certificate authority of the server, PEM");
    sub->add_option("-o,--output", client_.output, "How to print")->check(CLI::IsMember({"table", "json"}))->capture_default_str();
  }

  /// A subcommand that speaks to the server.
  CLI::App* client_command(CLI::App& parent, const char* name, const char* help, ClientAction action) {
    CLI::App* sub = parent.add_subcommand(name, help);
    add_client_options(sub);
    sub->callback([this, action = std::move(action)] {
      action_ = [this, action] {
        ClientSession session(client_);
        return action(session);
      };
    });
    return sub;
  }

  Exit run_server() {
    Config config;
    if (!config_file_.empty()) {
      Result<Config> loaded = load_config(config_file_);
      if (!loaded) {
        complain(loaded.error().message);
        return Exit::usage;
      }
      config = std::move(*loaded);
    }
    config.dev = dev_;
    if (!data_.empty()) config.data = data_;
    if (!host_.empty()) config.server.host = host_;
    if (port_ >= 0) config.server.port = port_;
    if (!log_level_.empty()) config.log.level = log_level_;
    if (!log_format_.empty()) config.log.format = log_format_;
    return serve(config);
  }

  void add_serve() {
    CLI::App* sub = command("serve", "Run the engine and its HTTP server", [this] { return run_server(); });
    sub->add_flag("--dev", dev_, "Ask for no credentials; bind to this machine only, allow PUT /v2/clock");
    sub->add_option("--data", data_, "Directory of the store and the tokens (else of the configuration, else ./fermata-data)");
    sub->add_option("--port", port_, "Port (else of the configuration, else 8080); 0: any free one")->check(CLI::Range(0, 65535));
    sub->add_option("--host", host_, "Address to bind to (else of the configuration, else 127.0.0.1)");
    sub->add_option("--config", config_file_, "Configuration file; examples/deploy/fermata.toml shows every setting");
    sub->add_option("--log-level", log_level_, "debug, info, warn or error")->check(CLI::IsMember({"debug", "info", "warn", "error"}));
    sub->add_option("--log-format", log_format_, "text, or json: one object a line")->check(CLI::IsMember({"text", "json"}));
  }

  void add_models() {
    CLI::App* sub = client_command(app_, "deploy", "Deploy BPMN models and forms: all of them, or none",
                                   [this](ClientSession& session) { return deploy(session, deploy_); });
    sub->add_option("files", deploy_.paths, "Files, or directories with *.bpmn and *.form")->required();

    sub = command("lint", "Check BPMN models and forms without a server", [this] {
      lint_.json = client_.output == "json";
      return lint(lint_);
    });
    sub->add_option("files", lint_.files, "Files")->required();
    sub->add_flag("--strict", lint_.strict, "Refuse warnings as well (hints never)");
    sub->add_option("-o,--output", client_.output, "How to print")->check(CLI::IsMember({"table", "json"}));
  }

  void add_expressions() {
    CLI::App* sub = command("feel", "Evaluate a FEEL expression without a server", [this] {
      feel_.json = client_.output == "json";
      return feel(feel_, std::cout, std::cerr);
    });
    sub->add_option("expression", feel_.expression, "The expression; begin with -- if it begins with a minus")->required();
    sub->add_option("--context", feel_.context, "Variables: a file with a JSON object, the object itself, or @- for standard input");
    sub->add_flag("--unary", feel_.unary, "It is the cell of a decision table, such as '> 5, [1..2]'");
    sub->add_option("--input", feel_.input, "With --unary: the value that is tested, in FEEL");
    sub->add_option("-o,--output", client_.output, "How to print")->check(CLI::IsMember({"table", "json"}));

    CLI::App* conformance = app_.add_subcommand("conformance", "Run the test cases of others: feelin");
    conformance->require_subcommand(1);
    sub = conformance->add_subcommand("feelin", "FEEL expressions with expectations, in the format of the feelin fixtures");
    sub->callback([this] { action_ = [this] { return feelin_conformance(conformance_file_, std::cout, std::cerr); }; });
    sub->add_option("file", conformance_file_, "JSON file")->required();
  }

  void add_running() {
    CLI::App* sub = client_command(app_, "run", "Start an instance of a process",
                                   [this](ClientSession& session) { return cli::run(session, run_); });
    sub->add_option("process", run_.process, "Process id, or the key of a definition")->required();
    sub->add_option("--vars", run_.variables, variables_help);
    sub->add_option("--key", run_.business_key, "Business key");
    sub->add_option("--process-version", run_.version, "Version of the process (else the latest)");
    sub->add_flag("--await", run_.await, "Wait for the end and print the variables");
    sub->add_option("--timeout", run_.timeout_s, "How many seconds to wait")->check(CLI::Range(1, 600))->capture_default_str();
    sub->add_option("--idempotency-key", run_.idempotency_key, "The same key starts one instance, however often it is sent");

    sub = client_command(app_, "complete", "Complete a user task or a job",
                         [this](ClientSession& session) { return complete(session, complete_); });
    sub->add_option("kind", complete_.kind, "task or job")->required()->check(CLI::IsMember({"task", "ut", "job"}));
    sub->add_option("key", complete_.key, "Its key")->required();
    sub->add_option("--vars", complete_.variables, variables_help);

    sub = client_command(app_, "assign", "Give a user task to somebody, or to nobody",
                         [this](ClientSession& session) { return assign(session, assign_); });
    sub->add_option("key", assign_.key, "Key of the task")->required();
    sub->add_option("assignee", assign_.assignee, "User; left out: unassign");
  }

  void add_list(const char* name, const char* help) {
    CLI::App* sub = client_command(app_, name, help, [this](ClientSession& session) { return list(session, list_); });
    sub->add_option("what", list_.resource, resource_names())->required();
    sub->add_option("--state", list_.state, "Only in this state, such as ACTIVE");
    sub->add_option("--process", list_.process, "Only of this process id");
    sub->add_option("--instance", list_.instance, "Only of this process instance");
    sub->add_option("--where", list_.where, "FIELD=VALUE, fields as /v2 names them; VALUE may be {\"$like\":\"a*\"}");
    sub->add_option("--var", list_.variables, "NAME=VALUE: instances with this variable");
    sub->add_option("--filter", list_.filter, "The whole filter as JSON, or @FILE");
    sub->add_option("--sort", list_.sort, "FIELD or FIELD:desc");
    sub->add_option("--limit", list_.limit, "At most so many")->check(CLI::Range(1, 10'000))->capture_default_str();
  }

  void add_looking() {
    add_list("list", "List instances, definitions, incidents, jobs, tasks ...");
    add_list("search", "The same as list; for those who expect that word");
    CLI::App* sub = client_command(app_, "get", "Show one thing in full", [this](ClientSession& session) { return get(session, get_); });
    sub->add_option("what", get_.resource, resource_names())->required();
    sub->add_option("key", get_.key, "Its key")->required();
    sub->add_flag("--timeline", get_.timeline, "Of an instance: elements, incidents, jobs, tasks, variables and commands");
    sub->add_flag("--xml", get_.xml, "Of a definition: its BPMN file");
    client_command(app_, "status", "Is the server there, and which version is it?", show_status);
  }

  void add_operating() {
    CLI::App* sub = client_command(app_, "retry", "Try again what stopped in an instance",
                                   [this](ClientSession& session) { return retry(session, retry_); });
    sub->add_option("keys", retry_.keys, "Keys of instances or of incidents")->required();
    sub->add_option("--retries", retry_.retries, "How often a failed job may be tried again")->check(CLI::Range(1, 1000))->capture_default_str();
    sub = client_command(app_, "resolve", "Resolve incidents: what they stopped is tried again",
                         [this](ClientSession& session) { return resolve(session, retry_); });
    sub->add_option("keys", retry_.keys, "Keys of incidents")->required();
    sub->add_option("--retries", retry_.retries, "How often a failed job may be tried again")->check(CLI::Range(1, 1000))->capture_default_str();
    sub = client_command(app_, "cancel", "Cancel instances", [this](ClientSession& session) { return cancel(session, keys_); });
    sub->add_option("keys", keys_, "Keys of instances")->required();
    sub = client_command(app_, "set", "Set variables of an instance or of an element instance",
                         [this](ClientSession& session) { return set_variables(session, set_); });
    sub->add_option("scope", set_.scope, "Key of the instance or element instance")->required();
    sub->add_option("--vars", set_.variables, variables_help)->required();
    sub->add_flag("--local", set_.local, "In this very scope, not where the variable already is");
  }

  void add_messages() {
    CLI::App* sub = client_command(app_, "publish", "Publish a message", [this](ClientSession& session) { return publish(session, publish_); });
    sub->add_option("name", publish_.name, "Name of the message")->required();
    sub->add_option("--key", publish_.correlation_key, "Correlation key");
    sub->add_option("--vars", publish_.variables, variables_help);
    sub->add_option("--ttl", publish_.ttl_s, "Seconds for which it is kept when nobody waits yet")->check(CLI::Range(0, 31'536'000))->capture_default_str();
    sub->add_option("--id", publish_.message_id, "Message id: the same id is taken once");
    sub->add_flag("--now-or-never", publish_.now_or_never, "Refuse it when nobody waits");
    sub = client_command(app_, "signal", "Broadcast a signal",
                         [this](ClientSession& session) { return signal(session, publish_.name, publish_.variables); });
    sub->add_option("name", publish_.name, "Name of the signal")->required();
    sub->add_option("--vars", publish_.variables, variables_help);
  }

  void add_token_command(CLI::App& parent, const char* name, const char* help, Exit (*action)(const TokenOptions&), bool named, bool roles) {
    CLI::App* sub = parent.add_subcommand(name, help);
    sub->callback([this, action] {
      action_ = [this, action] {
        token_.path = (data_.empty() ? Config{}.data : data_) + "/tokens.json";
        token_.json = client_.output == "json";
        return action(token_);
      };
    });
    sub->add_option("--data", data_, "Data directory of the server (else ./fermata-data)");
    sub->add_option("-o,--output", client_.output, "How to print")->check(CLI::IsMember({"table", "json"}));
    if (named) sub->add_option("name", token_.name, "Name of the token")->required();
    if (roles) {
      sub->add_option("--role", token_.roles, "reader, starter, worker, operator, deployer or admin; may repeat")->required();
      sub->add_option("--days", token_.days, "Days until it expires; 0: never")->check(CLI::Range(0, 36'500));
    }
  }

  void add_tokens() {
    CLI::App* tokens = app_.add_subcommand("token", "API tokens: create, list, revoke (on the server's machine)");
    tokens->require_subcommand(1);
    add_token_command(*tokens, "create", "Make a token and print it, the only time it can be seen", create_token, true, true);
    add_token_command(*tokens, "list", "List the tokens, without their secrets", list_tokens, false, false);
    add_token_command(*tokens, "revoke", "Revoke a token by name or id", revoke_token, true, false);
  }

  void add_webhooks() {
    CLI::App* hooks = app_.add_subcommand("webhook", "Webhooks: list, get, set, remove");
    hooks->require_subcommand(1);
    client_command(*hooks, "list", "List the webhooks", list_webhooks);
    client_command(*hooks, "get", "Show one", [this](ClientSession& session) { return get_webhook(session, hook_); })
        ->add_option("name", hook_, "Its name")->required();
    CLI::App* sub = client_command(*hooks, "set", "Make or replace one",
                                   [this](ClientSession& session) { return put_webhook(session, hook_, hook_settings_); });
    sub->add_option("name", hook_, "Its name: it is reached at /webhooks/NAME")->required();
    sub->add_option("settings", hook_settings_, "JSON, @FILE or @-; keys as in [webhooks.NAME] of fermata.toml")->required();
    client_command(*hooks, "remove", "Remove one", [this](ClientSession& session) { return remove_webhook(session, hook_); })
        ->add_option("name", hook_, "Its name")->required();
  }

  void add_decisions() {
    CLI::App* dmn = app_.add_subcommand("dmn", "Decisions without a server: eval");
    dmn->require_subcommand(1);
    CLI::App* sub = dmn->add_subcommand("eval", "Evaluate a decision of a DMN model");
    sub->callback([this] {
      action_ = [this] {
        decide_.json = client_.output == "json";
        return decide(decide_);
      };
    });
    sub->add_option("models", decide_.models, "The model, and those that it imports")->required();
    sub->add_option("--decision", decide_.decision, "Id or name of the decision (else the only one of the model)");
    sub->add_option("--service", decide_.service, "Id or name of a decision service, instead of a decision");
    sub->add_option("--input", decide_.input, "File with the inputs, a JSON object; - for standard input");
    sub->add_option("-o,--output", client_.output, "How to print: the value, or with json all decisions and rules that matched")
        ->check(CLI::IsMember({"table", "json"}));

    const auto suites = app_.get_subcommands([](const CLI::App* each) { return each->get_name() == "conformance"; });
    CLI::App* conformance = suites.empty() ? app_.add_subcommand("conformance", "Run the test cases of others") : suites.front();
    conformance->require_subcommand(1);
    sub = conformance->add_subcommand("tck", "Run all test cases of the DMN TCK under a directory");
    sub->callback([this] { action_ = [this] { return run_tck(conformance_); }; });
    sub->add_option("directory", conformance_.directory, "Directory with test cases (*.xml) beside their models (*.dmn)")->required();
    sub->add_flag("--misses", conformance_.misses_only, "Print only the cases that miss, and the totals");
  }

  CLI::App app_;
  std::function<Exit()> action_;
  ClientOptions client_;
  bool dev_ = false;
  std::string data_, host_, config_file_, log_level_, log_format_;
  int port_ = -1;
  DeployOptions deploy_;
  LintOptions lint_;
  FeelOptions feel_;
  std::string conformance_file_;
  RunOptions run_;
  ListOptions list_;
  GetOptions get_;
  CompleteOptions complete_;
  AssignOptions assign_;
  RetryOptions retry_;
  std::vector<std::string> keys_;
  SetOptions set_;
  PublishOptions publish_;
  TokenOptions token_;
  std::string hook_, hook_settings_;
  DecideOptions decide_;
  ConformanceOptions conformance_;
};

}  // namespace

int run_command_line(int argc, char** argv) { return CommandLine().run(argc, argv); }

}  // namespace fermata::cli
