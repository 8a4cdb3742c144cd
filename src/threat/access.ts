/** What the attacker sees of the model. */
export type Access = 'gradients' | 'scores' | 'labels'
