//! The content security policy.

use axum::http::{HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;

/// For answers that are no pages: nothing may load or frame them.
pub(crate) const NOTHING: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a page whose own inline scripts and styles carry `nonce`.
///
/// `wasm-unsafe-eval` lets the browser compile WebAssembly, and nothing else unsafe is allowed.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Sets the policy of the page that is being rendered; called while its context is made.
pub(crate) fn apply() {
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    if let Ok(value) = HeaderValue::from_str(&policy(&nonce)) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unsafe_is_allowed_but_compiling_webassembly() {
        let policy = policy("abc");
        let unsafe_words: Vec<&str> = policy
            .split([' ', ';'])
            .filter(|word| word.contains("unsafe"))
            .collect();
        assert_eq!(unsafe_words, ["'wasm-unsafe-eval'"]);
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(policy.contains("'nonce-abc'"));
    }
}
