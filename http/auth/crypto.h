// The few cryptographic functions that tokens and webhook signatures need, over OpenSSL. Pure but for random_bytes().
//
//   constant_time_equal(hmac(HashAlgorithm::sha256, key, body), *from_hex(sent))
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fermata::http {

enum class HashAlgorithm { sha1, sha256, sha512 };

/// Raw bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] std::string hmac(HashAlgorithm algorithm, std::string_view key, std::string_view bytes);
/// `public_key` is 32 raw bytes, `signature` 64; anything else is false.
[[nodiscard]] bool ed25519_verify(std::string_view public_key, std::string_view bytes, std::string_view signature);

/// Takes the same time wherever the bytes differ; differing lengths are told apart at once.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b);

/// From the system's random source; aborts when it fails, because nothing safe can follow.
[[nodiscard]] std::string random_bytes(std::size_t count);

[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::string to_base64url(std::string_view bytes);  ///< without padding
/// Standard or URL-safe alphabet, padding optional; nullopt for anything else in it.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace fermata::http
