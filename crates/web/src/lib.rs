//! Page shell, components, SVG charts, forms, languages; nothing of the field.
