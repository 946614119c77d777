//! What `app/assets/rescue.js` is told: it reports a panic and loads the page again, since nothing here runs after one.

use std::panic;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(js_namespace = ["window", "tidemark"])]
extern "C" {
    #[wasm_bindgen(js_name = panicked, catch)]
    fn tell_panic(message: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = hydrated, catch)]
    fn tell_hydrated() -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = isPlain, catch)]
    fn ask_plain() -> Result<bool, JsValue>;
}

/// Has every panic reported and the page loaded again, besides being written to the browser's console.
pub(crate) fn watch() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // Where the script is not there, the page stays as it is.
        drop(tell_panic(&info.to_string()));
    }));
}

/// Says that the page works, so that what was typed before it was loaded again can be filled in.
pub(crate) fn hydrated() {
    drop(tell_hydrated());
}

/// Whether the page is to stay as the server made it, because it has panicked again and again.
pub(crate) fn is_plain() -> bool {
    ask_plain().unwrap_or(false)
}
