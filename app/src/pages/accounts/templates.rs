use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    components::{Choice, Copyable, FormError, Notice, PostForm, Select, Tone},
    outcome::success,
    server_fns::accounts::AccountTemplate,
};

/// The languages that roles are deployed with.
pub(super) fn formats() -> Vec<Choice> {
    vec![
        Choice::new("cloudformation", "CloudFormation (stack or StackSet)"),
        Choice::new("terraform", "Terraform"),
        Choice::new("json", "JSON, role by role"),
    ]
}

/// The template that was asked for on this page.
pub(super) fn all_template() -> Option<impl IntoView> {
    success::<String>(AccountTemplate::PATH).map(|template| {
        view! {
            <Notice tone=Tone::Warn title="The template names external ids">
                <p>"Give it only to those who manage these accounts."</p>
                <Copyable text=template label="template" block=true/>
            </Notice>
        }
    })
}

/// Asks for the template that serves every account.
pub(super) fn template_form() -> impl IntoView {
    view! {
        <FormError action=AccountTemplate::PATH/>
        <PostForm action=AccountTemplate::PATH class="form">
            <Select label="Template of every account" name="format" choices=formats()/>
            <div class="form-actions"><button class="button">"Show the template"</button></div>
        </PostForm>
    }
}
