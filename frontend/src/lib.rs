//! The browser entry point: hydrate, and say so when it panics.

mod rescue;

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server-rendered page to life, once the code of its area is there.
#[wasm_bindgen]
pub async fn hydrate() {
    if rescue::is_plain() {
        return;
    }
    rescue::watch();
    if tidemark_app::load_shown().await {
        leptos::mount::hydrate_body(tidemark_app::App);
        rescue::hydrated();
    }
}
