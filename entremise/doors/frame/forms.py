from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Every field of every form looks and speaks alike: label, hint, error, input (templates/components/form)."""

    field_template_name = "components/form/field.html"
