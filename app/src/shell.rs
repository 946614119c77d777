use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::{App, session::Theme, ssr};

/// Gives the address bar back the page's own address, after a form was answered at its own.
const RESTORE_ADDRESS: &str = "history.replaceState(null,'',document.currentScript.dataset.page)";

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
                {hydrated.then(|| view! { <HydrationScripts options defer=true/> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
