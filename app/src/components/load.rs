use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::{ErrorNotice, PageHead};
use crate::error::AppError;

/// Shows what a resource holds, its error, or a skeleton until it is there. While it loads again,
/// what was there stays.
pub(crate) fn load<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    load_or(resource, show, |error| {
        view! { <ErrorNotice error/> }.into_any()
    })
}

/// The same for what a whole page is about: its error is the page.
pub(crate) fn load_page<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    load_or(resource, show, |error| {
        view! {
            <PageHead title=error.kind.title()/>
            <ErrorNotice error/>
        }
        .into_any()
    })
}

/// The same with an error shown in its own way.
pub(crate) fn load_or<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
    fail: impl Fn(AppError) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <div class="skeleton" aria-hidden="true"></div> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(value) => show(value),
                    Err(error) => fail(error),
                }
            })}
        </Transition>
    }
    .into_any()
}
