use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

/// A form whose fields become the query string of `action`. Hydrated, it goes there without a reload
/// and leaves empty fields out of the address.
#[component]
pub(crate) fn GetForm(
    /// The page.
    action: &'static str,
    /// The form's class.
    #[prop(optional)]
    class: &'static str,
    /// `search` for a landmark.
    #[prop(optional)]
    role: Option<&'static str>,
    /// The form's name for assistive technology.
    #[prop(optional)]
    label: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let on_submit = move |event: SubmitEvent| {
        let Ok(data) = leptos::form::form_data_from_event(&event) else {
            return;
        };
        let Ok(params) = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data) else {
            return;
        };
        event.prevent_default();
        let text = String::from(params.to_string());
        navigate(
            &address(action, &text),
            leptos_router::NavigateOptions::default(),
        );
    };
    view! {
        <form method="get" action=action class=class role=role aria-label=label on:submit=on_submit>
            {children()}
        </form>
    }
}

fn address(action: &str, query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.ends_with('='))
        .collect();
    if kept.is_empty() {
        action.to_owned()
    } else {
        format!("{action}?{}", kept.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn empty_fields_leave_the_address() {
        assert_eq!(
            address("/resources", "text=&account=1&sort="),
            "/resources?account=1"
        );
        assert_eq!(address("/resources", "text="), "/resources");
    }
}
