#include "persistence/memory/memory_session.h"

namespace fermata::memory {

Result<std::unique_ptr<ReadSession>> make_memory_session(Rows) { return fail(ErrorCode::internal, "read sessions are not there yet"); }

}  // namespace fermata::memory
