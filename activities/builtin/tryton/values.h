// Tryton's typed JSON values and plain ones, in both directions (trytond/protocols/jsonrpc.py).
//
// From Tryton: {"__class__":"Decimal","decimal":"25.00"} becomes the number 25.00, date "2026-11-21", datetime
// "2026-11-21T22:07:17.464084Z" (Tryton's are UTC), time "22:07:17", timedelta "PT90S", bytes their base64 text.
// To Tryton: its own {"__class__": ...} objects pass unchanged, and a model may write {"$decimal": 25.00}, {"$date":
// "2026-11-21"},
// {"$datetime": "2026-11-21T22:07:17+01:00"}, {"$time": "22:07:17"}, {"$timedelta": "PT1H30M"} or {"$timedelta": 90},
// and
// {"$bytes": "aGVsbG8="}. A plain number stays a JSON number, which Tryton reads as an integer or float: write $decimal
// for money.
#pragma once

#include "activities/sdk/json.h"

namespace fermata::tryton {

/// Throws sdk::InputError naming a typed value that cannot be read.
[[nodiscard]] sdk::Json to_tryton(const sdk::Json& value);
/// An object with an unknown or broken "__class__" stays as it is.
[[nodiscard]] sdk::Json from_tryton(const sdk::Json& value);

}  // namespace fermata::tryton
