//! The browser entry point: hydrate and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server-rendered page to life, once the code of its area is there.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    if tidemark_app::load_shown().await {
        leptos::mount::hydrate_body(tidemark_app::App);
    }
}
