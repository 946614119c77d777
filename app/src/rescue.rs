//! What was typed into a page before it panicked and was loaded again.

/// What the form that posts to `action` held. The script that loaded the page again fills it into the fields that are
/// there; a form whose fields depend on what was typed has to make them first.
#[cfg(not(feature = "ssr"))]
pub(crate) fn typed(action: &str) -> Option<Vec<(String, String)>> {
    use js_sys::{Array, Function, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    let script = Reflect::get(&leptos::prelude::window(), &"tidemark".into()).ok()?;
    let typed: Function = Reflect::get(&script, &"typed".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let fields = typed.call1(&JsValue::UNDEFINED, &action.into()).ok()?;
    let fields: Array = fields.dyn_into().ok()?;
    fields
        .iter()
        .map(|field| {
            let field: Array = field.dyn_into().ok()?;
            Some((field.get(0).as_string()?, field.get(1).as_string()?))
        })
        .collect()
}

/// Nothing was typed into a page that is being made.
#[cfg(feature = "ssr")]
pub(crate) fn typed(_: &str) -> Option<Vec<(String, String)>> {
    None
}
