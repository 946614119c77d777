//! Who may see which page at all. The use cases decide what anybody gets; this only sends people
//! where they can go on.

/// Pages that need no sign-in.
pub(super) fn is_public(path: &str) -> bool {
    path == "/sign-in" || (cfg!(debug_assertions) && path == "/styleguide")
}

/// Whether the page is made; otherwise the answer leads elsewhere.
#[cfg(feature = "ssr")]
pub(super) fn admit(path: &str) -> bool {
    use crate::ssr;
    // Routes are listed without a request, and listed they must be.
    if is_public(path) || !ssr::has_request() {
        return true;
    }
    match ssr::visitor() {
        None => {
            ssr::see_page(&ssr::sign_in_path(&ssr::page_asked_for()));
            false
        }
        Some(visitor) if visitor.me.must_change_password && path != "/password" => {
            ssr::see_page("/password");
            false
        }
        Some(_) => true,
    }
}

/// A hydrated page was made for who sees it; later calls are refused by the server as needed.
#[cfg(not(feature = "ssr"))]
pub(super) fn admit(path: &str) -> bool {
    let session = crate::use_session();
    is_public(path)
        || session
            .me
            .is_some_and(|me| !me.must_change_password || path == "/password")
}
