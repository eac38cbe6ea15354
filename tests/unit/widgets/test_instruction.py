from amlflow_jupyter.widgets.instruction import instruction

TOLD = "To sign in, open https://example.org/device and enter the code A<B>12. Waiting."


def test_the_address_is_a_link_and_the_code_stands_out():
    shown = instruction(TOLD.replace("A<B>12", "AB12CD"))
    address = "https://example.org/device"
    opened = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>'
    assert opened in shown["text/html"]
    assert "user-select:all" in shown["text/html"]
    assert ">AB12CD</code>" in shown["text/html"]
    assert shown["text/plain"] == TOLD.replace("A<B>12", "AB12CD")


def test_what_is_told_cannot_be_html():
    assert "A<B>" not in instruction(TOLD)["text/html"]
    assert "<script>" not in instruction("<script>alert(1)</script>")["text/html"]
