"""A form of the house: its messages, what it reveals, and how it is printed."""

import pytest
from crispy_forms.layout import HTML, Div, Row
from crispy_forms.layout import Submit as CrispySubmit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from cases.forms.fields import DateField
from cases.forms.layout import Fieldset, FilterForm, HouseForm, Layout, Question


class ContactForm(HouseForm):
    """Asks how somebody wants to be reached."""

    reveals = {"by": {"phone": ["telephone"], "email": ["email"]}}

    by = forms.ChoiceField(
        label="How should we contact you?",
        choices=[("phone", "Phone"), ("email", "Email"), ("letter", "Letter")],
        widget=forms.RadioSelect,
    )
    telephone = forms.CharField(label="Telephone number", max_length=11)
    email = forms.EmailField(label="Email address")
    moved_on = DateField(label="When did you move in?", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def sent(**answers: str) -> ContactForm:
    """Return the form as it arrives with these answers."""
    return ContactForm({"version": "1"} | answers)


def printed(template: str, **context: object) -> str:
    """Return what a template prints with our tags."""
    return Template("{% load house crispy_forms_tags %}" + template).render(Context(context))


def test_what_was_not_asked_is_not_required_and_is_forgotten():
    form = sent(by="phone", telephone="0117 496 0", email="not an address")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == ""


def test_what_was_asked_is_required():
    form = sent(by="email")

    assert form.errors == {"email": ["Email address: enter an answer"]}


def test_what_hangs_on_a_question_that_was_not_answered_is_not_asked():
    assert set(sent().errors) == {"by"}


@pytest.mark.parametrize(
    ("answers", "field", "message"),
    [
        ({}, "by", "How should we contact you? Select an answer"),
        ({"by": "pigeon"}, "by", "How should we contact you? Select one of the answers"),
        (
            {"by": "email", "email": "gareth"},
            "email",
            "Email address: enter an address like name@example.com",
        ),
        (
            {"by": "phone", "telephone": "0" * 12},
            "telephone",
            "Telephone number: use 11 characters or fewer. You have used 12",
        ),
    ],
)
def test_a_mistake_is_named_with_its_field(answers: dict[str, str], field: str, message: str):
    assert sent(**answers).errors[field] == [message]


def test_a_forms_own_words_for_a_mistake_stay():
    class NameForm(HouseForm):
        name = forms.CharField(error_messages={"required": "Tell us your name"})

    assert NameForm({}).errors["name"] == ["Tell us your name"]


def test_a_percent_sign_in_a_label_does_not_break_the_message():
    class ShareForm(HouseForm):
        share = forms.CharField(label="Share in %", max_length=2)

    assert ShareForm({"share": "100"}).errors["share"] == [
        "Share in %: use 2 characters or fewer. You have used 3"
    ]


def test_error_links_lead_to_the_first_control():
    form = sent(by="", moved_on_day="5", moved_on_month="3")

    summary = printed("{% error_summary form %}", form=form)

    assert 'href="#id_by_0"' in summary
    assert 'href="#id_moved_on_year"' in summary


class TurnedForm(ContactForm):
    """The same questions, asked in another order than their fields have."""

    def layout(self) -> Layout:
        """Ask what is revealed first."""
        return Layout(*reversed(super().layout().fields))


def test_mistakes_are_named_in_the_order_in_which_the_page_asks():
    assert [*ContactForm().fields] != TurnedForm().asked_in_order()
    mistaken = {"version": "1", "by": "", "moved_on_day": "5", "moved_on_month": "3"}
    for form in (ContactForm(mistaken), TurnedForm(mistaken)):
        asked = [form[name] for name in form.asked_in_order() if form.errors.get(name)]
        summary = printed("{% error_summary form %}", form=form)

        places = [summary.index(f'href="#{field.auto_id}') for field in asked]
        assert len(places) > 1
        assert places == sorted(places)


def test_a_page_without_mistakes_has_no_summary_and_no_prefix():
    assert (
        printed("{% error_summary form %}{% error_prefix form %}", form=ContactForm()).strip() == ""
    )


def test_the_summary_names_mistakes_in_hidden_fields_and_in_the_whole_form():
    form = ContactForm({"by": "letter", "version": ""})
    form.add_error(None, "This complaint is closed.")

    summary = printed("{% error_prefix form %}{% error_summary form %}", form=form)

    assert summary.startswith("Error: ")
    assert "This complaint is closed." in summary
    assert "Version: enter an answer" in summary


def test_the_summary_of_a_formset_names_the_mistakes_of_all_its_forms():
    formset = forms.formset_factory(ContactForm, min_num=1, validate_min=True)(
        {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    )

    assert "Please submit at least 1 form" in printed(
        "{% error_summary formset %}", formset=formset
    )


def test_only_the_boxes_at_fault_are_marked():
    html = render_crispy_form(sent(by="letter", moved_on_day="5", moved_on_month="3"))

    assert html.count('aria-invalid="true"') == 1


def test_the_browser_checks_and_cuts_nothing():
    html = render_crispy_form(ContactForm())

    assert "novalidate" in html
    assert "maxlength" not in html
    assert " required" not in html


def test_a_hidden_field_is_printed_though_the_layout_does_not_name_it():
    class ShortForm(ContactForm):
        def layout(self) -> Layout:
            return Layout("by")

    assert 'type="hidden" name="version"' in render_crispy_form(ShortForm())


def test_fields_are_described_by_their_hint_and_their_error():
    class HintForm(HouseForm):
        name = forms.CharField(help_text="As on your letters.")

    html = render_crispy_form(HintForm({}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_nothing_is_required_to_filter():
    class NameFilter(FilterForm):
        name = forms.CharField()

    assert NameFilter({}).is_valid()


def test_every_piece_of_crispy_that_is_used_has_its_template():
    class AnyForm(HouseForm):
        one = forms.CharField()
        two = forms.CharField()
        three = forms.CharField()
        four = forms.CharField()

        def layout(self) -> Layout:
            return Layout(
                Fieldset("Legend", "one"),
                Row(Question("two", prefix="£", suffix="each")),
                Div("three", css_class="box"),
                "four",
                CrispySubmit("go", "Go"),
                HTML("<hr>"),
            )

    html = render_crispy_form(AnyForm())

    assert all(f'name="{name}"' in html for name in ("one", "two", "three", "four", "go"))


@pytest.mark.promise("P16")
def test_the_words_above_questions_are_no_template_and_no_html():
    class PointForm(HouseForm):
        one = forms.CharField()

        def layout(self) -> Layout:
            return Layout(Fieldset("{{ form.secret }}{% broken %}<img src=x onerror=run()>", "one"))

    form = PointForm()
    form.secret = "never told"  # type: ignore[attr-defined]
    html = render_crispy_form(form)

    assert "{{ form.secret }}{% broken %}&lt;img src=x onerror=run()&gt;" in html
    assert "never told" not in html


def test_a_form_can_be_printed_by_filter():
    html = printed("{{ form|crispy }}{{ form|as_crispy_errors }}", form=sent())

    assert "There is a problem" in html
    assert 'name="email"' in html


def test_what_an_answer_reveals_is_printed_once_however_the_layout_names_the_question():
    class PlainForm(ContactForm):
        def layout(self) -> Layout:
            return Layout(Fieldset("How to reach you", "by"))

    class BareForm(forms.Form):
        by = forms.ChoiceField(choices=[("phone", "Telephone")], widget=forms.RadioSelect)
        number = forms.CharField()

    class WholeForm(BareForm, HouseForm):
        reveals = {"by": {"phone": ["number"]}}

    assert render_crispy_form(PlainForm()).count('name="telephone"') == 1
    assert render_crispy_form(WholeForm()).count('name="number"') == 1
