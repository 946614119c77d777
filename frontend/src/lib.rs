//! The browser entry point: hydrate and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server-rendered page to life.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(tidemark_app::App);
}
