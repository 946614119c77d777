use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::ErrorNotice;
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
    view! {
        <Transition fallback=|| view! { <div class="skeleton" aria-hidden="true"></div> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(value) => show(value),
                    Err(error) => view! { <ErrorNotice error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}
