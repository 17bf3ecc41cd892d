// Work for somebody outside or for a person: creating it, and taking it back when its element ends.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Creates the job of an element and lets the element rest. BPMN 2.0.2, 13.3.3 (service task and its kin).
[[nodiscard]] Attempt create_job(Execution& x, const Element& element, ElementInstanceKey key);

/// Cancels the live job and user task of an element that ends. Does nothing if they have ended.
void cancel_work(Execution& x, ElementInstanceKey key);

/// How often the job has failed before: the retries that it began with, less those that are left. Leases that ran out are no failures.
[[nodiscard]] int failures_before(const Execution& x, const Job& job);

/// The pause after one more failure: backoff doubles with each failure up to a maximum, less a jitter of up to a quarter that depends
/// on nothing but the job, so that decisions stay repeatable.
[[nodiscard]] Duration backoff_after(const Job& job, int failures_before, const DecideOptions& options);

}  // namespace fermata
