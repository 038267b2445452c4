/** Sign in on the page that asks for it. */
export function signIn() {
    return [
        {
            content: "Type the login",
            trigger: "input[name=login]",
            run: "edit ct_chef",
        },
        {
            content: "Type the password",
            trigger: "input[name=password]",
            run: "edit chef in the kitchen",
        },
        {
            content: "Log in",
            trigger: ".oe_login_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

/** From the header to the page to sign in. */
export function openSignIn() {
    return {
        content: "Sign in",
        trigger: 'header a[href^="/web/login"]:contains(Sign in)',
        run: "click",
        expectUnloadPage: true,
    };
}

export function goToShop() {
    return {
        content: "Go to the shop",
        trigger: 'header a[href="/shop"]:visible',
        run: "click",
        expectUnloadPage: true,
    };
}

/** From the list of the shop to the page of the test product. */
export function openProduct() {
    return {
        content: "Open the product",
        trigger: ".oe_product_cart a:contains(Test Wine)",
        run: "click",
        expectUnloadPage: true,
    };
}

export function addToCart() {
    return {
        content: "Add it to the cart",
        trigger: "#add_to_cart",
        run: "click",
    };
}

/**
 * Choose a file as a customer does.
 *
 * @param {HTMLInputElement} input
 * @param {string} name
 * @param {string} content
 */
export function chooseFile(input, name, content) {
    const files = new DataTransfer();
    files.items.add(new File([content], name));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}
