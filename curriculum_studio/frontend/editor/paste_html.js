// placeholder until written
export const markdownOf = () => "";
