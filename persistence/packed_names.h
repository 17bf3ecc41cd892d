// The dictionary of packed events: names of events and of their fields; the number of a name is its place, counted from 1.
//
// Append only. Stored rows refer to these numbers: never remove, never reorder, never rename. A name that is missing here still works
// (it is spelled out in the row, at the cost of its bytes); a test reminds us to append it.
#pragma once

#include <array>
#include <string_view>

namespace fermata {

inline constexpr auto packed_names = std::to_array<std::string_view>({
    "instanceStarted", "instanceEnded", "elementEntered", "elementStatusChanged", "flowTaken", "tokenParked",
    "tokenConsumed", "multiInstanceOpened", "multiInstanceProgressed", "childCalled", "variableSet", "jobCreated",
    "jobLocked", "jobLeaseChanged", "jobFailed", "jobUpdated", "jobReadied", "jobEnded", "timerSet", "timerFired",
    "timerCanceled", "subscriptionOpened", "subscriptionClosed", "compensationHandedOver", "userTaskCreated",
    "userTaskChanged", "userTaskEnded", "incidentRaised", "incidentResolved", "resourceDeployed",
    "definitionDeployed", "messagePublished", "messageCorrelated", "messageExpired", "signalBroadcast",
    "requestRemembered", "key", "definition", "processId", "version", "status", "businessKey",
    "startCorrelationKey", "parent", "parentElement", "root", "callDepth", "incidents", "tags", "startedAt",
    "endedAt", "scope", "element", "elementId", "kind", "role", "loopCounter", "instancesTotal",
    "instancesCompleted", "instancesTerminated", "items", "outputs", "called", "compensates", "incident", "name",
    "value", "flow", "gateway", "arrivedAt", "elementInstance", "type", "retries", "attempt", "priority", "worker",
    "lease", "availableAt", "headers", "errorCode", "errorMessage", "errorDetails", "createdAt", "due",
    "repetitionsLeft", "cycle", "occurrence", "correlationKey", "interrupting", "snapshot", "enclosing", "assignee",
    "candidateUsers", "candidateGroups", "formId", "formKey", "dueAt", "followUpAt", "completedBy", "job",
    "message", "deployment", "resource", "versionTag", "resourceName", "checksum", "deployedAt", "content",
    "messageId", "variables", "publishedAt", "expiresAt", "correlatedProcesses", "source", "id", "fingerprint",
    "reply", "instance", "at", "token", "body", "outputOf", "output", "child", "variable", "until", "retryAt",
    "details", "timer", "nextDue", "subscription", "correlated", "toScope", "through", "task", "by", "request",
    "decisionDeployed", "decisionEvaluated", "decision", "decisionId", "requirementsId", "requirementsName",
    "requirementsVersion", "evaluation", "position", "requirements", "inputs", "rules", "result", "warnings", "evaluatedAt",
    "jobReturned",
});

static_assert(packed_names.size() < 255, "one byte names them all");

}  // namespace fermata
