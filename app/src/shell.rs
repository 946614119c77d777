use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::LazyLock,
};

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::{App, session::Theme, ssr};

/// Gives the address bar back the page's own address, after a form was answered at its own.
const RESTORE_ADDRESS: &str = "history.replaceState(null,'',document.currentScript.dataset.page)";

/// Where the script is that loads a page again after a panic. Browsers keep it, so its address changes with it.
static RESCUE: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    include_bytes!("../assets/rescue.js").hash(&mut hasher);
    format!("/rescue.js?{:016x}", hasher.finish())
});

/// The HTML document around the app.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let session = ssr::session();
    let theme = match session.theme {
        Theme::System => None,
        chosen => Some(chosen.as_str()),
    };
    let page = ssr::outcome().map(|outcome| outcome.page);
    let hydrated = ssr::page_asked_for() != "/styleguide";
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {page.map(|page| view! { <script nonce=use_nonce() data-page=page>{RESTORE_ADDRESS}</script> })}
                <HashedStylesheet options=options.clone() id="tidemark"/>
                {hydrated.then(|| view! {
                    // Before the others, so that it is there when they fail.
                    <script src=RESCUE.as_str() defer=true nonce=use_nonce()></script>
                    <HydrationScripts options defer=true/>
                })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
